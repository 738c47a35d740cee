import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockFile } from '../../lib/evidence/lock-file';
import { dockerArchive, image, inspectArchive, layer } from '../layers/fixtures/image-builder';
import { APP, SHELL } from '../layers/fixtures/programs';
import { writeAssembly } from './cloud-assembly';
import { runCommand } from './run-command';

const CLEAN = 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /app\nENTRYPOINT ["/app"]\n';
const SHELLED = `FROM busybox:1.37 AS tools\n${CLEAN}COPY --from=tools /bin/busybox /bin/sh\n`;
const DIGEST = `sha256:${'a'.repeat(64)}`;

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'check-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function run(...argv: string[]) {
  const environment = { HOME: directory, CDK_DISTROLESS_CACHE: join(directory, 'cache') };
  return runCommand(['check', ...argv], { directory, environment });
}

function writePolicy(policy: object | string): void {
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy, undefined, 2);
  writeFileSync(join(directory, 'distroless.config.json'), text);
}

async function rules(...argv: string[]): Promise<string[]> {
  const { stdout } = await run(...argv, '--format', 'json');
  const { findings } = JSON.parse(stdout) as { findings: { rule: string; severity: string }[] };
  return findings.map(({ rule, severity }) => `${rule} ${severity}`);
}

describe('cdk-distroless check', () => {
  test('exits 0 on an assembly that holds, and lets warnings pass unless it is strict', async () => {
    writeAssembly(join(directory, 'cdk.out'), CLEAN);
    expect(await rules()).toEqual(['UnpinnedBase warning']);
    expect((await run()).exitCode).toBe(0);
    expect((await run('--strict')).exitCode).toBe(1);
  });

  test('exits 1 on an image with a shell, and names the line', async () => {
    writeAssembly(join(directory, 'out'), SHELLED);
    const { exitCode, stdout, stderr } = await run('out');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toContain('Distroless::Shell[web]  busybox reaches the final image as /bin/sh');
    expect(stdout).toMatch(/Dockerfile:5 {3}COPY --from=tools \/bin\/busybox \/bin\/sh/);
  });

  test('prints SARIF and Markdown', async () => {
    writeAssembly(join(directory, 'cdk.out'), SHELLED);
    const sarif = JSON.parse((await run('--format', 'sarif')).stdout) as {
      version: string;
      runs: { results: object[] }[];
    };
    expect(sarif.version).toBe('2.1.0');
    expect(sarif.runs[0].results).toContainEqual(expect.objectContaining({ ruleId: 'Distroless::Shell' }));
    expect((await run('--format', 'markdown')).stdout).toContain('Shell');
  });

  test('takes the policy beside it, or the one that is named', async () => {
    writeAssembly(join(directory, 'cdk.out'), SHELLED);
    writePolicy({ severities: { Shell: 'warning', UnpinnedBase: 'off' } });
    expect(await rules()).toEqual(['Shell warning']);
    writeFileSync(join(directory, 'other.json'), '{}');
    expect(await rules('--policy', 'other.json')).toContain('Shell error');
  });

  test.each([
    ['{\n  "severities": { "Shel": "off" }\n}', 'distroless.config.json:2: /severities'],
    ['{\n  "approved": []\n}', 'distroless.config.json:2: the document has no member "approved"'],
    ['{\n  "assurance":\n    "proved"\n}', 'distroless.config.json:2: /assurance must be one of declared, inspected'],
    [
      '{\n  "exceptions": [\n    { "patterns": ["x"],\n      "reason": "",\n "expires": "soon" }]\n}',
      'distroless.config.json:4: ',
    ],
    ['{', 'distroless.config.json:1: not JSON'],
  ])('exits 2 on the policy %j and names file and line', async (policy, message) => {
    writeAssembly(join(directory, 'cdk.out'), CLEAN);
    writePolicy(policy);
    const { exitCode, stdout, stderr } = await run();
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('exits 2 where there is nothing to judge, or no such policy', async () => {
    expect(await run('nowhere')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nowhere') });
    writeAssembly(join(directory, 'cdk.out'), CLEAN);
    expect(await run('--policy', 'none.json')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'cdk-distroless: there is no policy file none.json\n',
    });
  });

  test('exits 2 on a damaged lock file, which it does not half-read', async () => {
    writeAssembly(join(directory, 'cdk.out'), CLEAN);
    writeFileSync(join(directory, 'distroless.lock.json'), '<<<<<<< HEAD\n');
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(2);
    expect(stderr).toContain('delete it and run cdk-distroless lock');
  });

  test.each([
    [APP, []],
    [SHELL, ['Shell error']],
  ])('judges a locked digest by its layers', async (body, expected) => {
    const facts = inspectArchive(dockerArchive(image([layer([{ name: 'app', body }])])));
    LockFile.EMPTY.with('registry.example/team/app:1', DIGEST, [facts]).save(join(directory, 'distroless.lock.json'));
    writePolicy({ approvedBases: ['registry.example/team/*'] });
    writeAssembly(join(directory, 'cdk.out'), CLEAN, `registry.example/team/app:1@${DIGEST}`);
    expect(await rules()).toEqual(expected);
  });
});
