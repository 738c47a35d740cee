import { rmSync } from 'node:fs';
import { Assembly, type TaskContainer } from './harness/assembly';
import { buildAsset } from './harness/asset-build';
import { docker } from './harness/docker';
import { describeWithDocker } from './harness/facts';
import { inspectSaved } from './harness/inspection';
import { RunningContainer } from './harness/running-container';
import { fetchProject } from './public-projects/fetched-project';
import { PROJECTS } from './public-projects/projects';

const STOP_LIMIT_SECONDS = 5;

describeWithDocker('projects that others have published, built and run as CDK and ECS do it', () => {
  PROJECTS.forEach(fetchProject);
  const assembly = Assembly.synthesize('test/e2e/public-projects/app.ts');

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  function taskOf(name: string): TaskContainer {
    const found = assembly.containers.find(({ definition }) => definition.Name === name);
    if (!found) throw new Error(`the app has no container ${name}`);
    return found;
  }

  describe.each(PROJECTS.map((project) => [project.name, project] as const))('%s', (name, project) => {
    const { asset, definition } = taskOf(name);
    let image: string;
    let container: RunningContainer;

    beforeAll(() => {
      image = buildAsset(assembly.directory, asset.id, asset.source).tag;
      container = new RunningContainer(image, definition);
    });

    afterAll(() => {
      // A build that failed has left neither behind.
      (container as RunningContainer | undefined)?.remove();
      if (image) docker('image', 'rm', '--force', image);
    });

    test('answers over HTTP, from a read-only root and as nobody', async () => {
      expect(await container.get(project.path)).toEqual({ status: 200, body: expect.stringMatching(project.answer) });
      expect(container.inspect('{{.HostConfig.ReadonlyRootfs}} {{.Config.User}}')).toMatch(/^true [1-9]\d*/);
    });

    test('holds neither a shell nor a package manager', () => {
      expect(inspectSaved(image)).toMatchObject({ tools: [], unproven: [] });
    });

    const testHealthCheck = project.healthProbe ? test : test.skip;

    testHealthCheck('is healthy by its own health check, where it has one', () => {
      expect(container.checkHealth()).toMatchObject({ exitCode: 0 });
    });

    test('ends soon and well on SIGTERM', () => {
      const { exitCode, seconds } = container.stop();
      expect([0, 143]).toContain(exitCode);
      expect(seconds).toBeLessThan(STOP_LIMIT_SECONDS);
    });

    const testRebuild = project.builtOnce === undefined ? test : test.skip;
    const reason = project.builtOnce === undefined ? '' : ` (skipped: ${project.builtOnce})`;

    testRebuild(`has layers of the same bytes when it is built again without the cache${reason}`, () => {
      const layers = () => docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', image);
      const before = layers();
      buildAsset(assembly.directory, asset.id, { ...asset.source, cacheDisabled: true });
      expect(layers()).toBe(before);
    });
  });
});
