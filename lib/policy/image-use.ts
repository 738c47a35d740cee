/**
 * A place in a template where an image is run. The assembly room finds them; the rules judge them.
 */
export interface ImageUse {
  /** Name of the stack, as CDK shows it. */
  readonly stack: string;
  readonly logicalId: string;
  /** Path of the L1 construct, when the template or tree tells it. */
  readonly constructPath?: string;
  /** Absolute or assembly-relative path of the template that holds it. */
  readonly templateFile?: string;
  readonly resourceType: string;
  /** Where in the resource's properties the image stands: `ContainerDefinitions[0].Image`. */
  readonly propertyPath: string;
  /** Name of the container; the property path where containers have no names. */
  readonly container: string;
  /** What the image does there. Images that only build are exempt unless the policy says otherwise. */
  readonly role: 'service' | 'job' | 'function' | 'build' | 'interactive' | 'unknown';
  readonly origin: ImageOrigin;
  readonly settings: RunSettings;
}

/** Where the image of a use comes from. */
export type ImageOrigin =
  | DockerfileOrigin
  | { readonly kind: 'tarball'; readonly path: string; readonly assetId: string }
  | { readonly kind: 'reference'; readonly reference: string }
  /** Nothing can be said of the image before it is deployed. */
  | {
      readonly kind: 'opaque';
      readonly reason: string;
      /** Set when it is an asset that a command makes: once that has run, its layers can be looked into. */
      readonly assetId?: string;
    };

/** An image asset that the CDK CLI builds from a Dockerfile. */
export interface DockerfileOrigin {
  readonly kind: 'dockerfile';
  readonly assetId: string;
  /** The build context, absolute. */
  readonly directory: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  /** The Dockerfile's path as the user knows it, for messages; the staged one where that is not known. */
  readonly displayPath: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly buildContexts?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
}

/** What the template says of how the image is run; undefined where it says nothing. */
export interface RunSettings {
  readonly user?: string;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  /** As in the template, with its leading `CMD` or `CMD-SHELL`. */
  readonly healthCheck?: readonly string[];
  readonly readonlyRootFilesystem?: boolean;
  readonly privileged?: boolean;
  /** `linux/amd64`, from the task's runtime platform or the function's architecture. */
  readonly platform?: string;
  /** Whether a service that runs it has ECS Exec on. */
  readonly executeCommand?: boolean;
  /** Settings that are deploy-time values and so cannot be judged, by name. */
  readonly unresolved?: readonly string[];
}
