import type { Assembly, TaskContainer } from './assembly';
import { buildAsset } from './asset-build';
import { testUnless } from './conditions';
import { docker } from './docker';
import { inspectSaved } from './inspection';
import { RunningContainer } from './running-container';

const STOP_LIMIT_SECONDS = 5;

/** What is expected of a service. */
export interface ServiceExpectations {
  /** What is asked of it over HTTP. */
  readonly path: string;
  /** What it then answers. */
  readonly answer: string | RegExp;
  /** Why it is not built a second time, to compare the layers; undefined when it is. */
  readonly builtOnce?: string;
  /** Tests of its image besides those that every service has. */
  readonly ofImage?: (image: () => string) => void;
}

/** Builds a service as CDK does, runs it as ECS does, and declares what holds for all: to be called in a `describe` of its own. */
export function testService(assembly: Assembly, task: TaskContainer, expected: ServiceExpectations): void {
  const { asset, definition } = task;
  let image = '';
  let container: RunningContainer | undefined;

  function running(): RunningContainer {
    if (!container) throw new Error(`${task.name} does not run`);
    return container;
  }

  beforeAll(() => {
    image = buildAsset(assembly.directory, asset.id, asset.source).tag;
    container = new RunningContainer(image, definition);
  });

  afterAll(() => {
    container?.remove();
    if (image !== '') docker('image', 'rm', '--force', image);
  });

  test('answers over HTTP, from a read-only root and as nobody', async () => {
    expect(await running().get(expected.path)).toEqual({ status: 200, body: expect.stringMatching(expected.answer) });
    expect(running().inspect('{{.HostConfig.ReadonlyRootfs}} {{.Config.User}}')).toMatch(/^true [1-9]\d*/);
  });

  test('holds neither a shell nor a package manager', () => {
    expect(inspectSaved(image)).toMatchObject({ tools: [], unproven: [] });
  });

  expected.ofImage?.(() => image);

  const testHealthCheck = definition.HealthCheck ? test : test.skip;

  testHealthCheck('is healthy by its own health check, where it has one', () => {
    expect(running().checkHealth()).toMatchObject({ exitCode: 0 });
  });

  test('ends soon and well on SIGTERM', () => {
    const { exitCode, seconds } = running().stop();
    expect([0, 143]).toContain(exitCode);
    expect(seconds).toBeLessThan(STOP_LIMIT_SECONDS);
  });

  testUnless(expected.builtOnce, 'has layers of the same bytes when it is built again without the cache', () => {
    const layers = () => docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', image);
    const before = layers();
    buildAsset(assembly.directory, asset.id, { ...asset.source, cacheDisabled: true });
    expect(layers()).toBe(before);
  });
}
