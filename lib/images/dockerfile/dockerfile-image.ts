import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import type { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { DistrolessBase } from '../../bases/distroless-base';
import { analyseDockerfile } from '../../dockerfile/analyse';
import type { DockerfileAnalysis } from '../../dockerfile/analysis';
import { readBuild } from '../../dockerfile/sources/read-build';
import {
  architectureOf,
  assetOptions,
  defaultAssetName,
  DistrolessImage,
  extraHashOf,
  IMAGE_ORIGIN_METADATA,
  platformOf,
  refuseInvalidation,
} from '../distroless-image';
import type { DistrolessImageOptions, ImageOriginMetadata } from '../distroless-image';
import { gateAsset } from '../gate/gated-asset';
import { mirrorsOf } from '../mirrors';
import { Refusals } from '../refusal';
import type { Judgement } from './judgement';
import { formatProblems, judge } from './judgement';

/** Props of a `DockerfileImage`. */
export interface DockerfileImageProps extends DistrolessImageOptions {
  /**
   * The build context.
   *
   * `file`, relative to it, names the Dockerfile.
   */
  readonly directory: string;

  /**
   * The base that the Dockerfile ends in, if it is one that the catalogue does not know.
   *
   * It is taken for what you say it is. An image that is known to have a shell stays refused.
   *
   * @default - the catalogue must know the base
   */
  readonly base?: DistrolessBase;

  /**
   * Accept what a Dockerfile alone cannot prove, such as a base that is named by its digest only.
   *
   * What provably brings a shell is refused all the same; and the guard, which looks at whole apps, still wants a proof.
   *
   * @default false
   */
  readonly allowUnproven?: boolean;

  /**
   * Where images are mirrored: a registry or a path in one, and what takes its place.
   *
   * The Dockerfile is not changed; its references are recognised behind these mirrors.
   *
   * @default - the value of the context key `cdk-distroless:mirrors`; without one, none
   */
  readonly mirrors?: { [prefix: string]: string };
}

/**
 * An image of your own Dockerfile, which is judged as it is constructed: a shell or a base that is not distroless is refused there
 * and then, with the line of the Dockerfile that brings it and what to do instead.
 */
export class DockerfileImage extends DistrolessImage {
  public readonly asset: DockerImageAsset;
  public readonly dockerfile: string;
  public readonly base?: DistrolessBase;
  public readonly architecture: CpuArchitecture;

  public constructor(scope: Construct, id: string, props: DockerfileImageProps) {
    super(scope, id);
    const refusals = new Refusals(this);
    refusals.refuseTokens(props);
    refuseInvalidation(props, refusals);
    this.architecture = architectureOf(props, refusals);
    const file = findDockerfile(props, refusals);
    const displayPath = relative(process.cwd(), resolve(props.directory, file));
    const analysis = this.analyse(props, file, displayPath, refusals);
    const judgement = judge(analysis, { mirrors: mirrorsOf(this, props), vouchedFor: props.base?.reference });
    this.refuseProblems(judgement, displayPath, props);
    this.base = props.base ?? knownBase(judgement);
    this.dockerfile = readFileSync(join(props.directory, file), 'utf8');
    this.asset = this.defineAsset(props, file, refusals);
    if (props.gate) gateAsset(this.asset);
    this.markOrigin(displayPath);
  }

  private analyse(
    props: DockerfileImageProps,
    dockerfile: string,
    displayPath: string,
    refusals: Refusals,
  ): DockerfileAnalysis {
    const { directory, buildArgs, buildContexts, target } = props;
    const { platform } = platformOf(this.architecture, refusals);
    const build = { directory, dockerfile, displayPath, buildArgs, buildContexts, target, platform };
    return analyseDockerfile(readBuild({ ...build, environment: process.env }));
  }

  private refuseProblems(judgement: Judgement, displayPath: string, props: DockerfileImageProps): void {
    const { violations, unproven } = judgement;
    if (violations.length > 0) {
      throw new Error(
        `${this.node.path}: ${displayPath} makes no image without a shell\n${formatProblems(violations)}`,
      );
    }
    if (unproven.length === 0 || props.allowUnproven === true) return;
    throw new Error(
      `${this.node.path}: ${displayPath} cannot be proved to make an image without a shell; change it as said below, ` +
        `or set allowUnproven and let the guard inspect the image\n${formatProblems(unproven)}`,
    );
  }

  private defineAsset(props: DockerfileImageProps, file: string, refusals: Refusals): DockerImageAsset {
    const { directory, ignoreMode, followSymlinks, target } = props;
    return new DockerImageAsset(this, 'Asset', {
      ...assetOptions(props),
      ...{ directory, extraHash: extraHashOf(props), ignoreMode, followSymlinks, target, file: props.file },
      exclude: [...ownIgnoreFile(props.directory, file), ...(props.exclude ?? [])],
      platform: platformOf(this.architecture, refusals),
      assetName: props.assetName ?? defaultAssetName(this),
      displayName: props.displayName ?? this.node.path,
    });
  }

  private markOrigin(displayPath: string): void {
    const origin: ImageOriginMetadata = {
      assetHash: this.asset.assetHash,
      construct: 'DockerfileImage',
      constructPath: this.node.path,
      displayPath,
    };
    this.asset.node.addMetadata(IMAGE_ORIGIN_METADATA, origin);
  }
}

function findDockerfile({ directory, file = 'Dockerfile' }: DockerfileImageProps, refusals: Refusals): string {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    refusals.refuse(
      'directory',
      directory,
      `there is no such directory (looked in ${process.cwd()})`,
      'give the build context',
    );
  }
  if (!existsSync(join(directory, file))) {
    refusals.refuse(
      'file',
      file,
      `there is no such file in ${directory}`,
      'name the Dockerfile, relative to the directory',
    );
  }
  return file;
}

/** BuildKit reads `<Dockerfile>.dockerignore` before `.dockerignore`; CDK knows the latter only. */
function ownIgnoreFile(directory: string, file: string): string[] {
  const path = join(directory, `${file}.dockerignore`);
  return existsSync(path) ? readFileSync(path, 'utf8').split(/\r?\n/) : [];
}

/** The base by its name here, if it has one; a digest is the same base pinned. */
function knownBase({ base }: Judgement): DistrolessBase | undefined {
  const name = base?.reference.replace(/@.*$/, '');
  return Object.values(DistrolessBase.all()).find((candidate) => candidate.upstream === name);
}
