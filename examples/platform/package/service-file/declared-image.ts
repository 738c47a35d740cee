import type { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { DistrolessImage } from '../../../../lib';
import { DockerfileImage, GoImage, JavaImage, NodejsImage, PythonImage } from '../../../../lib';
import type { DeclaredImage } from './declarations';

const ID = 'Image';

/** The image that a service declares, with a health probe built in where the base has nothing that could ask. */
export function declaredImage(
  scope: Construct,
  declared: DeclaredImage,
  architecture: CpuArchitecture,
): DistrolessImage {
  switch (declared.language) {
    case 'nodejs':
      return new NodejsImage(scope, ID, { ...declared, architecture });
    case 'go':
      return new GoImage(scope, ID, { ...declared, architecture, healthProbe: true });
    case 'python':
      return new PythonImage(scope, ID, { ...declared, architecture });
    case 'java':
      return new JavaImage(scope, ID, { ...declared, architecture, healthProbe: true });
    case 'dockerfile':
      return new DockerfileImage(scope, ID, { ...declared, architecture });
  }
}
