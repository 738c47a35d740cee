import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Assembly } from './harness/assembly';
import { buildAsset } from './harness/asset-build';
import { docker, tryDocker } from './harness/docker';
import { describeWithDocker, environmentFacts } from './harness/facts';
import { RunningContainer } from './harness/running-container';
import type { ContainerDefinition } from './harness/task-container';
import { runOptions } from './harness/task-container';

const SOURCES = resolve(__dirname, '../../lib/images/probe');

/** What a probe may take beside the app. */
const MEMORY_LIMIT = '64m';

/** The words that follow the program in every probe of the test's tasks: kind, port, timeout, path, lowest, highest. */
const WORDS = 6;

const CASES = [
  { state: 'healthy', words: ['http', '8080', '4500', '/status/200', '200', '299'], healthy: true },
  { state: 'unhealthy', words: ['http', '8080', '4500', '/status/503', '200', '299'], healthy: false },
  { state: 'slow', words: ['http', '8080', '1500', '/slow', '200', '299'], healthy: false },
  { state: 'refused', words: ['http', '8081', '4500', '/status/200', '200', '299'], healthy: false },
  { state: 'open, asked over TCP', words: ['tcp', '8080', '4500'], healthy: true },
  { state: 'closed, asked over TCP', words: ['tcp', '8081', '4500'], healthy: false },
  { state: 'serving, asked over gRPC', words: ['grpc', '8080', '4500'], healthy: true },
  { state: 'not serving, asked over gRPC', words: ['grpc', '8080', '4500', 'down'], healthy: false },
  { state: 'unknown, asked over gRPC', words: ['grpc', '8080', '4500', 'unknown'], healthy: false },
];

/** The probes that images of a language have when there is a construct for it; the others are built as their recipes will. */
interface Prober {
  readonly image: string;
  readonly program: readonly string[];
  readonly definition: ContainerDefinition;
}

describeWithDocker('the health probes, run as a task runs its containers', () => {
  const assembly = Assembly.synthesize('test/e2e/services/app.ts');
  const context = mkdtempSync(join(tmpdir(), 'distroless-e2e-probes-'));
  const built: string[] = [];
  let server: RunningContainer;

  const taskOf = (name: string) => {
    const found = assembly.containers.find(({ definition }) => definition.Name === name);
    if (!found) throw new Error(`the app has no task ${name}`);
    return found;
  };

  function ofTask(name: string): Prober {
    const { asset, definition } = taskOf(name);
    const image = buildAsset(assembly.directory, asset.id, asset.source).tag;
    built.push(image);
    return { image, program: definition.HealthCheck?.Command.slice(1, -WORDS) ?? [], definition };
  }

  function ofDockerfile(name: string, base: string, builder: string, compile: string, program: string[]): Prober {
    const { mirrors } = environmentFacts();
    const image = `distroless-e2e-probe-${name}`;
    const text = [
      `FROM ${mirrors['docker.io/library']}/${builder} AS probe`,
      'COPY . /src/',
      `RUN mkdir /out && cd /src && ${compile}`,
      `FROM ${mirrors['gcr.io/distroless']}/${base}-debian13:nonroot`,
      'COPY --from=probe /out/ /healthprobe/',
    ].join('\n');
    writeFileSync(join(context, 'Dockerfile'), text);
    docker('build', '--quiet', '--tag', image, context);
    built.push(image);
    return { image, program, definition: taskOf('go').definition };
  }

  const PROBERS: Record<string, () => Prober> = {
    'Go, on static': () => ofTask('go'),
    'Node, on nodejs24': () => ofTask('nodejs'),
    'Python, on python3': () => ofTask('python'),
    'C, on static': () =>
      ofDockerfile('c', 'static', 'rust:1-trixie', 'gcc -Os -static -s -o /out/probe probe.c', ['/healthprobe/probe']),
    'Java, on java25': () =>
      ofDockerfile(
        'java',
        'java25',
        'maven:3.9-eclipse-temurin-25',
        'javac --release 17 -XDstringConcat=inline -d /out HealthProbe.java',
        [
          '/usr/bin/java',
          '-Xms4m',
          '-Xmx16m',
          '-XX:TieredStopAtLevel=1',
          '-XX:-UsePerfData',
          '-cp',
          '/healthprobe',
          'HealthProbe',
        ],
      ),
  };

  beforeAll(() => {
    cpSync(SOURCES, context, { recursive: true });
    const { asset, definition } = taskOf('go');
    server = new RunningContainer(buildAsset(assembly.directory, asset.id, asset.source).tag, definition);
  });

  afterAll(() => {
    server.remove();
    docker('image', 'rm', '--force', ...new Set(built));
    [assembly.directory, context].forEach((directory) => rmSync(directory, { recursive: true }));
  });

  test('the task says itself healthy or not by the very command of its definition', async () => {
    expect(await server.get('/status/200')).toMatchObject({ status: 200 });
    expect(server.checkHealth()).toMatchObject({ exitCode: 0 });
  });

  describe.each(Object.keys(PROBERS))('%s', (name) => {
    let prober: Prober;

    beforeAll(() => {
      prober = PROBERS[name]();
    });

    /** In a container of its own, but in the server's network: so the probe's own memory is what is limited. */
    function probe(words: readonly string[]) {
      const [program, ...rest] = prober.program;
      return tryDocker([
        ...['run', '--rm', '--network', `container:${server.inspect('{{.Id}}')}`],
        ...['--memory', MEMORY_LIMIT, '--memory-swap', MEMORY_LIMIT],
        ...runOptions({ ...prober.definition, PortMappings: [], EntryPoint: [program] }),
        ...[prober.image, ...rest, ...words],
      ]);
    }

    test.each(CASES)('finds a server that is $state', ({ words, healthy }) => {
      const { exitCode, printed } = probe(words);
      expect(printed).not.toMatch(/cannot start|executable file not found|OutOfMemory/);
      expect(exitCode === 0).toBe(healthy);
    });
  });
});
