import type { TeamPolicy } from '../policy';
import type { JobProps } from '../job';
import type { TemplateProps } from '../template';
import type { WebServiceProps } from '../web-service';
import type { WorkerProps } from '../worker';

/** Source code, and what its language wants to know. */
export type DeclaredImage = { readonly directory: string; readonly args?: string[] } & (
  | { readonly language: 'nodejs'; readonly main?: string }
  | { readonly language: 'go'; readonly main?: string; readonly variables?: Record<string, string> }
  | { readonly language: 'python'; readonly module?: string; readonly main?: string }
  | { readonly language: 'java'; readonly mainClass?: string }
  | { readonly language: 'dockerfile'; readonly file?: string; readonly target?: string }
);

type Declared<Template extends string, Props extends TemplateProps> = Omit<Props, 'foundation' | 'image'> & {
  readonly template: Template;
  readonly image: DeclaredImage;
};

export type DeclaredService =
  Declared<'web', WebServiceProps> | Declared<'worker', WorkerProps> | Declared<'job', JobProps>;

/** What a service file says, once it is known to say it properly: `services.schema.json`. */
export interface Declarations {
  readonly architecture?: 'x86_64' | 'arm64';
  readonly policy?: TeamPolicy;
  readonly services: Readonly<Record<string, DeclaredService>>;
}
