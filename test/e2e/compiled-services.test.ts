import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Assembly, type TaskContainer } from './harness/assembly';
import { buildAsset } from './harness/asset-build';
import { docker } from './harness/docker';
import { describeWithDocker } from './harness/facts';
import { inspectSaved } from './harness/inspection';
import { RunningContainer } from './harness/running-container';

const STOP_LIMIT_SECONDS = 5;

/** What each container answers. */
const ANSWERS: Readonly<Record<string, string | RegExp>> = {
  'go-workspace-cgo': /^version 1\.2\.3 on glibc 2\.\d+$/,
  'rust-workspace': 'greeting number 1',
  'java-maven-jlink': '{"java":25}',
  'java-gradle': '{"java":21}',
  'java-spring-boot': 'hello from Spring',
};

/** Built for another architecture than the machine's, which cannot run them. */
const FOREIGN = ['go-arm64'];

/** Gradle 4 puts the time into its jars, and makes the same of the same from 9 on. */
const NOT_REPRODUCIBLE = ['java-gradle'];

describeWithDocker('services in compiled languages, built and run as CDK and ECS do it', () => {
  const assembly = Assembly.synthesize('test/e2e/services/compiled.ts');
  const containers = assembly.containers.map((container) => [container.definition.Name, container] as const);
  const native = containers.filter(([name]) => !FOREIGN.includes(name));

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  function find(name: string): TaskContainer {
    const found = assembly.containers.find(({ definition }) => definition.Name === name);
    if (!found) throw new Error(`the app has no container ${name}`);
    return found;
  }

  test('all of them are there', () => {
    expect(containers.map(([name]) => name).sort()).toEqual([...Object.keys(ANSWERS), ...FOREIGN].sort());
  });

  describe.each(native)('%s', (name, { asset, definition }: TaskContainer) => {
    let image: string;
    let container: RunningContainer;

    beforeAll(() => {
      image = buildAsset(assembly.directory, asset.id, asset.source).tag;
      container = new RunningContainer(image, definition);
    });

    afterAll(() => {
      container.remove();
      docker('image', 'rm', '--force', image);
    });

    test('answers over HTTP, from a read-only root and as nobody', async () => {
      expect(await container.get('/')).toEqual({ status: 200, body: expect.stringMatching(ANSWERS[name]) });
      expect(container.inspect('{{.HostConfig.ReadonlyRootfs}} {{.Config.User}}')).toMatch(/^true [1-9]\d*/);
    });

    test('holds neither a shell nor a package manager', () => {
      expect(inspectSaved(image)).toMatchObject({ tools: [], unproven: [] });
    });

    const testHealthCheck = definition.HealthCheck ? test : test.skip;

    testHealthCheck('is healthy by its own health check, where it has one', () => {
      expect(container.checkHealth()).toMatchObject({ exitCode: 0 });
    });

    test('ends soon and well on SIGTERM', () => {
      const { exitCode, seconds } = container.stop();
      expect([0, 143]).toContain(exitCode);
      expect(seconds).toBeLessThan(STOP_LIMIT_SECONDS);
    });

    const testRebuild = NOT_REPRODUCIBLE.includes(name) ? test.skip : test;

    testRebuild('has layers of the same bytes when it is built again without the cache', () => {
      const layers = () => docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', image);
      const before = layers();
      buildAsset(assembly.directory, asset.id, { ...asset.source, cacheDisabled: true });
      expect(layers()).toBe(before);
    });
  });

  test('a program for another architecture is compiled on the machine’s own', () => {
    const { asset } = find('go-arm64');
    const { tag } = buildAsset(assembly.directory, asset.id, asset.source);
    expect(docker('image', 'inspect', '--format', '{{.Architecture}}', tag)).toBe('arm64');
    expect(inspectSaved(tag)).toMatchObject({ tools: [], unproven: [], platform: 'linux/arm64' });
    docker('image', 'rm', '--force', tag);
  });

  test('a build that fails says what the compiler says', () => {
    const { asset } = find('go-workspace-cgo');
    const broken = mkdtempSync(join(tmpdir(), 'distroless-e2e-broken-'));
    cpSync(join(assembly.directory, asset.source.directory ?? '.'), broken, { recursive: true });
    writeFileSync(join(broken, 'api/broken.go'), 'package main\n\nvar _ int = "text"\n');
    const source = { ...asset.source, directory: '.' };
    expect(() => buildAsset(broken, asset.id, source)).toThrow(/api\/broken\.go:3:13: cannot use "text"/);
    rmSync(broken, { recursive: true });
  });
});
