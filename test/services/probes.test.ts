import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NODE_PROBE, PYTHON_PROBE } from '../../lib/services/probe-scripts';
import type { TestServer } from './probe-server';
import { closedPort, startBabblingServer, startGrpcServer, startHttpServer } from './probe-server';

/** Every probe takes the same words and gives the same answers; this is the table that they all are held to. */
const SOURCES = resolve(__dirname, '../../lib/images/probe');
const work = mkdtempSync(join(tmpdir(), 'probes-'));

afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Implementation {
  readonly name: string;
  readonly needs: string;
  readonly build?: string[];
  readonly command: string[];
}

const IMPLEMENTATIONS: Implementation[] = [
  { name: 'Node', needs: 'node', command: [process.execPath, '-e', NODE_PROBE] },
  { name: 'Python', needs: 'python3', command: ['python3', '-ISc', PYTHON_PROBE] },
  {
    name: 'C',
    needs: 'gcc',
    build: ['gcc', '-Os', '-static', '-s', '-o', join(work, 'c'), join(SOURCES, 'probe.c')],
    command: [join(work, 'c')],
  },
  {
    name: 'Go',
    needs: 'go',
    build: ['go', 'build', '-trimpath', '-ldflags=-s -w', '-o', join(work, 'go'), join(SOURCES, 'probe.go')],
    command: [join(work, 'go')],
  },
  {
    name: 'Java',
    needs: 'javac',
    build: ['javac', '--release', '17', '-XDstringConcat=inline', '-d', work, join(SOURCES, 'HealthProbe.java')],
    command: ['java', '-cp', work, 'HealthProbe'],
  },
];

function missing(implementation: Implementation): boolean {
  return spawnSync('which', [implementation.needs]).status !== 0;
}

let http: TestServer, grpc: TestServer, babbling: TestServer, refused: number;

beforeAll(async () => {
  [http, grpc, babbling] = await Promise.all([startHttpServer(), startGrpcServer(), startBabblingServer()]);
  refused = await closedPort();
});
afterAll(() => Promise.all([http.close(), grpc.close(), babbling.close()]));

/** Not `spawnSync`: the servers answer from this very process. */
function exitCode(command: string[], words: Array<string | number>): Promise<number> {
  return new Promise((done) => {
    const child = spawn(command[0], [...command.slice(1), ...words.map(String)], { stdio: 'ignore' });
    child.on('close', (code) => done(code ?? 1));
  });
}

describe.each(IMPLEMENTATIONS)('the probe in $name', (implementation) => {
  const run = missing(implementation) ? test.skip : test;
  const probe = (...words: Array<string | number>) => exitCode(implementation.command, words);

  beforeAll(() => {
    const { build } = implementation;
    if (build && !missing(implementation)) {
      execFileSync(build[0], build.slice(1), { stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0' } });
    }
  }, 120_000);

  run('finds a good status healthy', async () => {
    expect(await probe('http', http.port, 5000, '/status/200', 200, 299)).toBe(0);
    expect(await probe('http', http.port, 5000, '/status/302', 200, 399)).toBe(0);
  });

  run('finds a bad status unhealthy', async () => {
    expect(await probe('http', http.port, 5000, '/status/503', 200, 299)).not.toBe(0);
    expect(await probe('http', http.port, 5000, '/nowhere', 200, 399)).not.toBe(0);
    expect(await probe('http', http.port, 5000, '/status/200', 204, 299)).not.toBe(0);
  });

  run('gives up on a server that does not answer in time', async () => {
    const start = Date.now();
    expect(await probe('http', http.port, 700, '/slow', 200, 299)).not.toBe(0);
    expect(Date.now() - start).toBeLessThan(20_000);
    expect(await probe('grpc', grpc.port, 700, 'slow')).not.toBe(0);
  });

  run('finds a port that refuses connections unhealthy', async () => {
    expect(await probe('http', refused, 2000, '/', 200, 299)).not.toBe(0);
    expect(await probe('tcp', refused, 2000)).not.toBe(0);
    expect(await probe('grpc', refused, 2000)).not.toBe(0);
  });

  run('finds an open port healthy when only the port is asked for', async () => {
    expect(await probe('tcp', babbling.port, 2000)).toBe(0);
  });

  run('finds a server that speaks another protocol unhealthy', async () => {
    expect(await probe('http', babbling.port, 2000, '/', 200, 299)).not.toBe(0);
    expect(await probe('grpc', babbling.port, 2000)).not.toBe(0);
    expect(await probe('grpc', http.port, 2000)).not.toBe(0);
    expect(await probe('http', grpc.port, 2000, '/', 200, 599)).not.toBe(0);
  });

  run('believes the gRPC health service', async () => {
    expect(await probe('grpc', grpc.port, 5000)).toBe(0);
    expect(await probe('grpc', grpc.port, 5000, 'up')).toBe(0);
    expect(await probe('grpc', grpc.port, 5000, 'down')).not.toBe(0);
    expect(await probe('grpc', grpc.port, 5000, 'unknown')).not.toBe(0);
  });
});
