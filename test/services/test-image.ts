import { join } from 'node:path';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { DistrolessBase } from '../../lib/bases/distroless-base';
import { DistrolessImage } from '../../lib/images/distroless-image';

export interface TestImageProps {
  /** @default DistrolessBase.STATIC */
  readonly base?: DistrolessBase;
  /** @default CpuArchitecture.ARM64 */
  readonly architecture?: CpuArchitecture;
  readonly healthProbe?: string[];
}

/** An image of any base, without a language's sources behind it. */
export class TestImage extends DistrolessImage {
  public readonly asset: DockerImageAsset;
  public readonly dockerfile = 'FROM scratch';
  public readonly base: DistrolessBase;
  public readonly architecture: CpuArchitecture;

  public override get healthProbe(): string[] | undefined {
    return this.props.healthProbe;
  }

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: TestImageProps = {},
  ) {
    super(scope, id);
    this.base = props.base ?? DistrolessBase.STATIC;
    this.architecture = props.architecture ?? CpuArchitecture.ARM64;
    this.asset = new DockerImageAsset(this, 'Asset', {
      directory: join(__dirname, 'app'),
      assetName: id,
      platform: this.architecture === CpuArchitecture.ARM64 ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
    });
  }
}
