import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Assembly, type TaskContainer } from './harness/assembly';
import { buildAsset, type BuildOutcome } from './harness/asset-build';
import { docker, imageId } from './harness/docker';
import { describeWithDocker } from './harness/facts';
import { inspectSaved } from './harness/inspection';
import { RunningContainer } from './harness/running-container';

/** Where shells are in images that have one; `:debug` has its own in the last. */
const SHELLS = ['/bin/sh', '/bin/bash', '/usr/bin/dash', '/busybox/sh', 'sh'];

/** A service that has to finish a request takes this long at the most. */
const STOP_LIMIT_SECONDS = 5;

describeWithDocker('the platform example, built and run as CDK and ECS do it', () => {
  const assembly = Assembly.synthesize('examples/platform/app.ts');

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  test('runs every image that it builds', () => {
    const used = assembly.containers.map(({ asset }) => asset.id);
    expect(used.length).toBeGreaterThanOrEqual(4);
    expect([...used].sort()).toEqual(assembly.assets.map(({ id }) => id).sort());
  });

  describe.each(assembly.containers.map((container) => [container.name, container] as const))(
    'container %s',
    (_name, { asset, definition }: TaskContainer) => {
      let built: BuildOutcome;
      let container: RunningContainer;

      beforeAll(() => {
        built = buildAsset(assembly.directory, asset.id, asset.source);
        container = new RunningContainer(built.tag, definition);
      });

      afterAll(() => {
        container.remove();
        docker('image', 'rm', '--force', built.tag);
      });

      test('holds neither a shell nor a package manager, and nothing that could hide one', () => {
        expect(inspectSaved(built.tag)).toMatchObject({ tools: [], unproven: [] });
      });

      test('has a read-only root and nobody else than a numbered user', () => {
        expect(container.inspect('{{.HostConfig.ReadonlyRootfs}}')).toBe('true');
        expect(container.inspect('{{.Config.User}}')).toMatch(/^[1-9]\d*(:\d+)?$/);
      });

      test('answers over HTTP', async () => {
        expect(await container.get('/healthz')).toMatchObject({ status: 200 });
      });

      const testHealthCheck = definition.HealthCheck ? test : test.skip;

      testHealthCheck('is healthy by its own health check, where it has one', () => {
        expect(container.checkHealth()).toMatchObject({ exitCode: 0 });
      });

      test.each(SHELLS)('executes no %s', (shell) => {
        const { exitCode, printed } = container.exec(shell, '-c', 'echo from a shell');
        expect(printed).not.toContain('from a shell\n');
        expect(printed).toMatch(/stat \S+: no such file or directory|executable file not found/);
        expect(exitCode).toBeGreaterThan(0);
      });

      test('ends soon and well on SIGTERM', () => {
        const { exitCode, seconds } = container.stop();
        expect([0, 143]).toContain(exitCode);
        expect(seconds).toBeLessThan(STOP_LIMIT_SECONDS);
      });

      test('is rebuilt from the cache alone when nothing has changed', () => {
        const before = imageId(built.tag);
        const again = buildAsset(assembly.directory, asset.id, asset.source);
        expect(again.carriedOut).toEqual([]);
        expect(again.cached.length).toBeGreaterThan(0);
        expect(imageId(again.tag)).toBe(before);
      });

      test('is built from an assembly that was moved to another folder', () => {
        const moved = mkdtempSync(join(tmpdir(), 'distroless-e2e-moved-'));
        cpSync(assembly.directory, moved, { recursive: true });
        const before = imageId(built.tag);
        expect(imageId(buildAsset(moved, asset.id, asset.source).tag)).toBe(before);
        rmSync(moved, { recursive: true });
      });
    },
  );
});
