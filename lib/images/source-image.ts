import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { IgnoreMode, IgnoreStrategy, SymlinkFollowMode } from 'aws-cdk-lib';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import type { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { DistrolessBase } from '../bases/distroless-base';
import {
  architectureOf,
  assetOptions,
  defaultAssetName,
  DistrolessImage,
  extraHashOf,
  IMAGE_ORIGIN_METADATA,
  platformOf,
  refuseInvalidation,
} from './distroless-image';
import type { ImageOriginMetadata } from './distroless-image';
import { gateAsset } from './gate/gated-asset';
import { renderDockerfile } from './dockerfile-text';
import { checkMachineCode } from './machine-code';
import { mirrorsOf } from './mirrors';
import type { ProbedStages } from './probe/probe-build';
import { withProbe } from './probe/probe-build';
import { Project } from './project';
import type { Recipe } from './recipe';
import { Refusals } from './refusal';
import type { SourceImageProps } from './source-image-props';
import { StagedContext } from './staged-context';
import { withCertificates } from './stages/certificates';
import { withSharedLibraries } from './stages/shared-libraries';
import { withSourceDateEpoch } from './stages/source-date-epoch';
import { withToolchain } from './stages/toolchain';

/** What no image needs, whatever its language. */
const NEVER_NEEDED = [
  '**/.git',
  '**/.gitignore',
  '**/.gitattributes',
  '**/.github',
  '**/.gitlab-ci.yml',
  '**/.hg',
  '**/.svn',
  '**/.idea',
  '**/.vscode',
  '**/.DS_Store',
  '**/.editorconfig',
  '**/.env',
  '**/.env.*',
  '**/*.log',
  '**/Dockerfile',
  '**/Dockerfile.*',
  '**/*.Dockerfile',
  '**/.dockerignore',
  '**/*.dockerignore',
  'docker-compose*.yml',
  'docker-compose*.yaml',
  'compose.yml',
  'compose.yaml',
];

interface Rendered {
  readonly asset: DockerImageAsset;
  readonly dockerfile: string;
  readonly base: DistrolessBase;
  readonly architecture: CpuArchitecture;
  readonly healthProbe?: string[];
}

/** An image that is built from a source directory, with a Dockerfile that the library writes. Each language has its class. */
export abstract class SourceImage extends DistrolessImage {
  private rendered?: Rendered;

  public get asset(): DockerImageAsset {
    return this.result.asset;
  }

  public get dockerfile(): string {
    return this.result.dockerfile;
  }

  public get base(): DistrolessBase | undefined {
    return this.result.base;
  }

  public get architecture(): CpuArchitecture {
    return this.result.architecture;
  }

  public override get healthProbe(): string[] | undefined {
    return this.result.healthProbe;
  }

  /**
   * Renders the Dockerfile and defines the asset; the last thing that a constructor does.
   *
   * @internal
   */
  protected _render(props: SourceImageProps, base: DistrolessBase, plan: (project: Project) => Recipe): void {
    const refusals = new Refusals(this);
    checkProps(props, refusals);
    const architecture = architectureOf(props, refusals);
    checkArchitecture(base, architecture, refusals);
    const project = new Project({ refusals, props, base, architecture, mirrors: mirrorsOf(this, props) });
    const recipe = plan(project);
    const context = new StagedContext(this, { ...props, exclude: exclusions(props, recipe) });
    try {
      checkManifests(recipe, project, context);
      checkMachineCode(project, context, recipe.isCompiled === true);
      const { stages, command: healthProbe } = stagesOf(recipe, project, context);
      const dockerfile = renderDockerfile(stages);
      context.write('Dockerfile', dockerfile);
      this.rendered = { asset: this.defineAsset(project, context), dockerfile, base, architecture, healthProbe };
    } finally {
      context.discard();
    }
    if (props.gate) gateAsset(this.asset);
    this.markOrigin(props);
  }

  private get result(): Rendered {
    if (this.rendered === undefined) throw new Error(`${this.node.path}: the image is not rendered yet`);
    return this.rendered;
  }

  private defineAsset({ props, architecture, refusals }: Project, context: StagedContext): DockerImageAsset {
    return new DockerImageAsset(this, 'Asset', {
      ...assetOptions(props),
      buildArgs: buildArgs(props),
      directory: context.directory,
      // The context is filtered already; CDK is to take all of it, whatever its feature flags say of patterns and links.
      exclude: [],
      ignoreMode: IgnoreMode.DOCKER,
      followSymlinks: SymlinkFollowMode.NEVER,
      extraHash: `${extraHashOf(props) ?? ''}${context.extraHash()}`,
      platform: platformOf(architecture, refusals),
      assetName: props.assetName ?? defaultAssetName(this),
      // What the CDK CLI says of a build that fails; users know their constructs, not the names of assets.
      displayName: props.displayName ?? this.node.path,
    });
  }

  private markOrigin(props: SourceImageProps): void {
    const construct = this.constructor.name;
    const directory = relative(process.cwd(), resolve(props.directory)) || '.';
    const origin: ImageOriginMetadata = {
      assetHash: this.asset.assetHash,
      construct,
      constructPath: this.node.path,
      displayPath: `${directory}/Dockerfile (rendered by ${construct} ${this.node.path})`,
    };
    this.asset.node.addMetadata(IMAGE_ORIGIN_METADATA, origin);
  }
}

/** The stages of the recipe, and what all languages can have beside them. */
function stagesOf(recipe: Recipe, project: Project, context: StagedContext): ProbedStages {
  const program = recipe.render(context);
  const { stages, command } = project.props.healthProbe
    ? withProbe(program, project, context, recipe.probeCompiler)
    : { stages: program };
  const equipped = withToolchain(stages, project, context);
  const complete = withCertificates(withSharedLibraries(equipped, project, context), project);
  return { stages: withSourceDateEpoch(complete, project), command };
}

/** BuildKit takes the times in the image's configuration from the argument of that name. */
function buildArgs({ buildArgs: args, sourceDateEpoch: epoch }: SourceImageProps): Record<string, string> | undefined {
  return epoch === undefined ? args : { ...args, SOURCE_DATE_EPOCH: String(epoch) };
}

function checkProps(props: SourceImageProps, refusals: Refusals): void {
  refusals.refuseTokens(props);
  checkTimes(props, refusals);
  refuseInvalidation(props, refusals);
  for (const prop of ['file', 'target'] as const) {
    if (props[prop] === undefined) continue;
    refusals.refuse(prop, props[prop], 'the Dockerfile of this image is written by the library', 'use DockerfileImage');
  }
  const stats = statSync(props.directory, { throwIfNoEntry: false });
  if (stats === undefined) {
    refusals.refuse(
      'directory',
      props.directory,
      `there is no such directory (looked in ${process.cwd()})`,
      'give the source directory',
    );
  }
  if (!stats.isDirectory())
    refusals.refuse('directory', props.directory, 'it is a file', 'give the directory it is in');
}

function checkTimes(props: SourceImageProps, refusals: Refusals): void {
  const { buildArgs: args, sourceDateEpoch: epoch, timeZone } = props;
  if (args?.SOURCE_DATE_EPOCH !== undefined) {
    refusals.refuse('buildArgs.SOURCE_DATE_EPOCH', args.SOURCE_DATE_EPOCH, 'it has a prop', 'use sourceDateEpoch');
  }
  if (epoch !== undefined && !(Number.isSafeInteger(epoch) && epoch >= 0)) {
    refusals.refuse('sourceDateEpoch', epoch, 'it is no number of seconds since 1970', 'give a whole number');
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    refusals.refuse('timeZone', timeZone, 'there is no such time zone', 'write it as Europe/Berlin or UTC');
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function checkArchitecture(base: DistrolessBase, architecture: CpuArchitecture, refusals: Refusals): void {
  const platform = platformOf(architecture, refusals).platform;
  if (base.architectures.some((name) => platform === `linux/${name}`)) return;
  refusals.refuse(
    'base',
    base.reference,
    `it is not published for ${platform}`,
    `choose one of ${base.architectures.join(', ')}`,
  );
}

/** Later patterns win: first ours, then the user's. */
function exclusions(props: SourceImageProps, recipe: Recipe): string[] {
  return [...NEVER_NEEDED, ...recipe.exclude, ...dockerignore(props.directory, recipe), ...(props.exclude ?? [])];
}

/**
 * The patterns of the project, unless they are meant for images of what was built before: starters, such as Quarkus', come with such
 * that leave out all but that. Of sources that are compiled nothing can come into the image that they were to keep out.
 */
function dockerignore(directory: string, { isCompiled, manifests }: Recipe): string[] {
  const file = join(directory, '.dockerignore');
  const patterns = existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : [];
  const ignored = IgnoreStrategy.docker(resolve(directory), patterns);
  const leavesOutSources = manifests.some((manifest) => ignored.ignores(resolve(directory, manifest)));
  return isCompiled === true && leavesOutSources ? [] : patterns;
}

/** What patterns leave out would only be missed when the image is built. */
function checkManifests({ manifests }: Recipe, project: Project, context: StagedContext): void {
  const missing = manifests.find((manifest) => !context.has(manifest));
  if (missing === undefined) return;
  project.refuseDirectory(
    `.dockerignore or exclude leaves out ${missing}, which the build starts from`,
    `take it back in with exclude: ['!${missing}'], and the sources as well`,
  );
}
