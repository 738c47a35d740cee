import { rmSync } from 'node:fs';
import { Assembly, type TaskContainer } from './harness/assembly';
import { buildAsset } from './harness/asset-build';
import { docker } from './harness/docker';
import { describeWithDocker } from './harness/facts';
import { filesOf } from './harness/image-files';
import { inspectSaved } from './harness/inspection';
import { RunningContainer } from './harness/running-container';

const STOP_LIMIT_SECONDS = 5;

const GREETING = 'hello, with ms 2.0.0 and 2.1.3';
const UVICORN = /^hello from uvicorn \d/;

/** What each container answers, and a file that must not be in its image. */
const EXPECTED: Readonly<Record<string, { readonly answer: string | RegExp; readonly absent: RegExp }>> = {
  npm: { answer: GREETING, absent: /node_modules\/once\/|greeting\/src|services\/other/ },
  'yarn-1': { answer: GREETING, absent: /node_modules\/once\/|greeting\/src|services\/other/ },
  'yarn-4': { answer: GREETING, absent: /node_modules\/once\/|greeting\/src|services\/other/ },
  pnpm: { answer: GREETING, absent: /node_modules\/once\/|greeting\/src|services\/other/ },
  bundle: { answer: GREETING, absent: /^app\/(?!index\.cjs$)./ },
  uv: { answer: UVICORN, absent: /iniconfig|\/(uv|pip)\// },
  poetry: { answer: UVICORN, absent: /iniconfig|\/(poetry|pip)\// },
  hashes: { answer: UVICORN, absent: /iniconfig|\/pip\// },
};

describeWithDocker('a service of each package manager, built and run as CDK and ECS do it', () => {
  const assembly = Assembly.synthesize('test/e2e/services/package-managers.ts');
  const containers = assembly.containers.map((container) => [container.definition.Name, container] as const);

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  test('all of them are there', () => {
    expect(containers.map(([name]) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  describe.each(containers)('%s', (name, { asset, definition }: TaskContainer) => {
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

    test('answers over HTTP, with the versions that the lockfile names', async () => {
      const { status, body } = await container.get('/');
      expect(status).toBe(200);
      expect(body).toMatch(EXPECTED[name].answer);
    });

    test('has nothing that another package, or only the build, needs', () => {
      expect(filesOf(image).filter((path) => EXPECTED[name].absent.test(path))).toEqual([]);
    });

    test('holds neither a shell nor a package manager', () => {
      expect(inspectSaved(image)).toMatchObject({ tools: [], unproven: [] });
    });

    test('ends soon and well on SIGTERM', () => {
      const { exitCode, seconds } = container.stop();
      expect([0, 143]).toContain(exitCode);
      expect(seconds).toBeLessThan(STOP_LIMIT_SECONDS);
    });

    test('has layers of the same bytes when it is built again without the cache', () => {
      const layers = () => docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', image);
      const before = layers();
      buildAsset(assembly.directory, asset.id, { ...asset.source, cacheDisabled: true });
      expect(layers()).toBe(before);
    });
  });
});
