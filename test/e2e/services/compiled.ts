import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import {
  DistrolessBase,
  DistrolessTaskDefinition,
  DotnetImage,
  GoImage,
  HealthProbe,
  JavaImage,
  RustImage,
} from '../../../lib';
import type { DistrolessImage } from '../../../lib';

/** What compiled-services.test.ts runs. */
const stack = new Stack(new App(), 'CompiledServices');

/** All files of one time, so that the test can compare builds. */
const sourceDateEpoch = 1_700_000_000;

const source = (name: string) => ({ directory: join(__dirname, name), sourceDateEpoch });

function task(name: string, image: DistrolessImage): void {
  const healthProbe = image.healthProbe && HealthProbe.http({ path: '/' });
  new DistrolessTaskDefinition(stack, name, { containerName: name, image, healthProbe });
}

const variables = { 'main.version': 'version 1.2.3' };
task('go-workspace-cgo', new GoImage(stack, 'Cgo', { ...source('go-workspace'), main: 'api', cgo: true, variables }));
task('go-arm64', new GoImage(stack, 'Arm', { ...source('go'), architecture: CpuArchitecture.ARM64 }));
task('rust-workspace', new RustImage(stack, 'Rust', { ...source('rust'), healthProbe: true }));

const maven = { ...source('java'), exclude: ['build.gradle', 'settings.gradle'] };
task(
  'java-maven-jlink',
  new JavaImage(stack, 'Maven', { ...maven, base: DistrolessBase.JAVA_BASE, healthProbe: true }),
);

const gradle = { ...source('java'), exclude: ['pom.xml'] };
task('java-gradle', new JavaImage(stack, 'Gradle', { ...gradle, base: DistrolessBase.JAVA_21 }));
task('java-spring-boot', new JavaImage(stack, 'Spring', source('java-spring')));

const dotnet = { ...source('dotnet'), projectFile: 'src/Api/Api.csproj' };
task('dotnet', new DotnetImage(stack, 'Dotnet', { ...dotnet, healthProbe: true }));
task('dotnet-self-contained', new DotnetImage(stack, 'Own', { ...dotnet, base: DistrolessBase.DOTNET_DEPS_10 }));
