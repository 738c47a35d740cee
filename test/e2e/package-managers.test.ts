import { rmSync } from 'node:fs';
import { Assembly } from './harness/assembly';
import { describeWithDocker } from './harness/facts';
import { filesOf } from './harness/image-files';
import { testService } from './harness/service-tests';

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

  describe.each(containers)('%s', (name, task) => {
    testService(assembly, task, {
      path: '/',
      answer: EXPECTED[name].answer,
      ofImage: (image) => {
        test('has nothing that another package, or only the build, needs', () => {
          expect(filesOf(image()).filter((path) => EXPECTED[name].absent.test(path))).toEqual([]);
        });
      },
    });
  });
});
