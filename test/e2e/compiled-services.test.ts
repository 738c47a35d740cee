import { rmSync } from 'node:fs';
import { Assembly } from './harness/assembly';
import { buildAsset } from './harness/asset-build';
import { describeUnless } from './harness/conditions';
import { docker } from './harness/docker';
import { describeWithDocker } from './harness/facts';
import { inspectSaved } from './harness/inspection';
import { testService } from './harness/service-tests';
import { DOTNET_OBSTACLE } from './stand-ins/dotnet/dotnet-sdk';

/** What each container answers. */
const ANSWERS: Readonly<Record<string, string | RegExp>> = {
  'go-workspace-cgo': /^version 1\.2\.3 on glibc 2\.\d+$/,
  'rust-workspace': 'greeting number 1',
  'java-maven-jlink': '{"java":25}',
  'java-gradle': '{"java":21}',
  'java-spring-boot': 'hello from Spring',
  dotnet: 'hello, world, from .NET Core 3.1.2',
  'dotnet-self-contained': 'hello, world, from .NET Core 3.1.2',
};

/** Built for another architecture than the machine's, which cannot run them. */
const FOREIGN = ['go-arm64'];

/** Why some cannot be built on this machine. */
const OBSTACLES: Readonly<Record<string, string | undefined>> = {
  dotnet: DOTNET_OBSTACLE,
  'dotnet-self-contained': DOTNET_OBSTACLE,
};

/** Why the layers of some are not compared with those of a second build. */
const BUILT_ONCE: Readonly<Record<string, string>> = {
  'java-gradle': 'Gradle 4 puts the time into its jars, and makes the same of the same from 9 on',
};

describeWithDocker('services in compiled languages, built and run as CDK and ECS do it', () => {
  const assembly = Assembly.synthesize('test/e2e/services/compiled.ts');
  const containers = assembly.containers.map((container) => [container.definition.Name, container] as const);
  const native = containers.filter(([name]) => !FOREIGN.includes(name));

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  test('all of them are there', () => {
    expect(containers.map(([name]) => name).sort()).toEqual([...Object.keys(ANSWERS), ...FOREIGN].sort());
  });

  for (const [name, task] of native) {
    describeUnless(OBSTACLES[name], name, () =>
      testService(assembly, task, { path: '/', answer: ANSWERS[name], builtOnce: BUILT_ONCE[name] }),
    );
  }

  test('a program for another architecture is compiled on the machine’s own', () => {
    const { asset } = assembly.container('go-arm64');
    const { tag } = buildAsset(assembly.directory, asset.id, asset.source);
    expect(docker('image', 'inspect', '--format', '{{.Architecture}}', tag)).toBe('arm64');
    expect(inspectSaved(tag)).toMatchObject({ tools: [], unproven: [], platform: 'linux/arm64' });
    docker('image', 'rm', '--force', tag);
  });
});
