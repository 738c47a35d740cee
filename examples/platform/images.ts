import { join } from 'node:path';
import type { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { DistrolessImage } from '../../lib';
import { GoImage, JavaImage, NodejsImage, PythonImage } from '../../lib';

const SERVICES = join(__dirname, 'services');

/** The images of the platform's four services, by the path that each is reached under. */
export function platformImages(scope: Construct, architecture?: CpuArchitecture): Record<string, DistrolessImage> {
  return {
    quotes: new NodejsImage(scope, 'NodeImage', { directory: join(SERVICES, 'node-api'), architecture }),
    ids: new GoImage(scope, 'GoImage', {
      directory: join(SERVICES, 'go-api'),
      architecture,
      variables: { 'main.version': '1.0.0' },
      healthProbe: true,
    }),
    words: new PythonImage(scope, 'PythonImage', {
      directory: join(SERVICES, 'python-api'),
      architecture,
      module: 'gunicorn',
      args: ['--no-control-socket', '--bind', '0.0.0.0:8080', 'app:app'],
    }),
    time: new JavaImage(scope, 'JavaImage', {
      directory: join(SERVICES, 'java-api'),
      architecture,
      mainClass: 'com.example.api.Main',
      healthProbe: true,
    }),
  };
}
