import { Stage } from 'aws-cdk-lib';
import type { DockerImageAsset, DockerImageAssetOptions } from 'aws-cdk-lib/aws-ecr-assets';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { EcrImageCodeProps } from 'aws-cdk-lib/aws-lambda';
import { DockerImageCode } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DistrolessBase } from '../bases/distroless-base';
import { GATED_HASH } from './gate/gated-asset';
import type { Refusals } from './refusal';

const DISTROLESS_IMAGE_SYMBOL = Symbol.for('cdk-distroless.DistrolessImage');

/**
 * Type of the construct metadata that every image leaves on its asset, for whoever has only the assembly.
 *
 * Its data is an `ImageOriginMetadata`.
 */
export const IMAGE_ORIGIN_METADATA = 'cdk-distroless:image';

/** Where a Dockerfile in an assembly comes from, in the user's terms. */
export interface ImageOriginMetadata {
  /** Hash of the asset that it belongs to. */
  readonly assetHash: string;
  /** Class of the image construct: `NodejsImage`. */
  readonly construct: string;
  /** Path of the image construct. */
  readonly constructPath: string;
  /** How to name the Dockerfile in messages: the user's own path, or what rendered it. */
  readonly displayPath: string;
}

/** Options that every image has. */
export interface DistrolessImageOptions extends DockerImageAssetOptions {
  /**
   * The processor architecture to build for; services take it for their tasks.
   *
   * @default - that of `platform`, and X86_64 without one
   */
  readonly architecture?: CpuArchitecture;

  /**
   * Whether `cdk deploy` and `cdk publish-assets` look into the image after they have built it, and stop before they publish one that
   * has a shell or a package manager.
   *
   * `PublishGate` does this for every image of an app.
   *
   * @default false
   */
  readonly gate?: boolean;
}

/**
 * An image without a shell.
 *
 * Underneath is a real `DockerImageAsset`, so everything in CDK that takes an image takes this one.
 */
export abstract class DistrolessImage extends Construct {
  /** Whether a value is a `DistrolessImage`, of this or another copy of the library. */
  public static isDistrolessImage(value: unknown): value is DistrolessImage {
    return value !== null && typeof value === 'object' && DISTROLESS_IMAGE_SYMBOL in value;
  }

  /** The asset that is built and published. */
  public abstract readonly asset: DockerImageAsset;

  /** The Dockerfile that the image is built from. */
  public abstract readonly dockerfile: string;

  /** The distroless base; undefined when it is not one that the catalogue knows. */
  public abstract readonly base?: DistrolessBase;

  /** The processor architecture that the image is built for. */
  public abstract readonly architecture: CpuArchitecture;

  /** The command, without its arguments, that runs the health probe which was built in; undefined when none was. */
  public get healthProbe(): string[] | undefined {
    return undefined;
  }

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    Object.defineProperty(this, DISTROLESS_IMAGE_SYMBOL, { value: true });
  }

  /** URI of the image in the registry that CDK publishes it to; a token. */
  public get imageUri(): string {
    return this.asset.imageUri;
  }

  /** The image for ECS and Batch. */
  public toContainerImage(): ContainerImage {
    return ContainerImage.fromDockerImageAsset(this.asset);
  }

  /** The image as the code of a Lambda function. */
  public toLambdaCode(options: EcrImageCodeProps = {}): DockerImageCode {
    return DockerImageCode.fromEcr(this.asset.repository, { ...options, tagOrDigest: this.asset.imageTag });
  }
}

const PLATFORMS: ReadonlyArray<readonly [CpuArchitecture, Platform]> = [
  [CpuArchitecture.X86_64, Platform.LINUX_AMD64],
  [CpuArchitecture.ARM64, Platform.LINUX_ARM64],
];

/** The one architecture of an image, told from `architecture` and `platform`. */
export function architectureOf(options: DistrolessImageOptions, refusals: Refusals): CpuArchitecture {
  const { architecture, platform } = options;
  const ofPlatform = platform && architectureOfPlatform(platform, refusals);
  if (architecture && ofPlatform && architecture !== ofPlatform) {
    refusals.refuse(
      'platform',
      platform?.platform,
      `it contradicts architecture ${architecture._cpuArchitecture}`,
      'leave platform out',
    );
  }
  return architecture ?? ofPlatform ?? CpuArchitecture.X86_64;
}

/** The platform to build for. */
export function platformOf(architecture: CpuArchitecture, refusals: Refusals): Platform {
  const pair = PLATFORMS.find(([known]) => known._cpuArchitecture === architecture._cpuArchitecture);
  return pair?.[1] ?? refuseArchitecture('architecture', architecture._cpuArchitecture, refusals);
}

function architectureOfPlatform(platform: Platform, refusals: Refusals): CpuArchitecture {
  const pair = PLATFORMS.find(([, known]) => known.platform === platform.platform);
  return pair?.[0] ?? refuseArchitecture('platform', platform.platform, refusals);
}

function refuseArchitecture(prop: string, seen: string, refusals: Refusals): never {
  refusals.refuse(prop, seen, 'AWS runs Linux containers on X86_64 and ARM64 only', 'choose one of these');
}

/**
 * A name for the asset: its path below the Stage, so that the same image in two Stages has one name.
 *
 * CDK's `AppStagingSynthesizer` refuses assets without a name and makes it a part of the repository's.
 */
export function defaultAssetName(image: Construct): string {
  const stage = Stage.of(image);
  const scopes = image.node.scopes.slice(stage === undefined ? 0 : stage.node.scopes.length);
  const name = scopes.map((scope) => scope.node.id).join('-');
  const allowed = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return allowed.length <= 100 && allowed !== '' ? allowed : `${allowed.slice(0, 90)}-${image.node.addr.slice(-8)}`;
}

/**
 * Refuses to leave out of the hash what makes a different image.
 *
 * Two assets of one hash are one entry in the manifest, and the first of them wins silently.
 */
export function refuseInvalidation(options: DistrolessImageOptions, refusals: Refusals): void {
  for (const part of ['platform', 'target', 'file', 'buildArgs', 'extraHash'] as const) {
    if (options.invalidation?.[part] !== false) continue;
    refusals.refuse(
      `invalidation.${part}`,
      false,
      'two different images would have one hash, and one of them would be used for both',
      'leave it out',
    );
  }
}

/** What the hash covers besides files and build options: with a gate, an image is another than without one. */
export function extraHashOf({ extraHash, gate }: DistrolessImageOptions): string | undefined {
  return gate ? `${extraHash ?? ''}${GATED_HASH}` : extraHash;
}

/** The options that CDK's asset takes as they are, whoever wrote the Dockerfile. */
export function assetOptions(props: DistrolessImageOptions): DockerImageAssetOptions {
  const { buildArgs, buildContexts, buildSecrets, buildSsh, networkMode, outputs, invalidation, displayName } = props;
  const { cacheFrom, cacheTo, cacheDisabled } = props;
  const build = { buildArgs, buildContexts, buildSecrets, buildSsh, networkMode, outputs, invalidation, displayName };
  return { ...build, cacheFrom, cacheTo, cacheDisabled };
}
