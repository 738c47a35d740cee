import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_NAMES, loadCommands } from '../../lib/cli/commands';
import { runCommand } from './run-command';

const ROOT = join(__dirname, '../..');
const PROGRAM = ['--require', 'ts-node/register/transpile-only', join(ROOT, 'lib/cli/cdk-distroless.ts')];

describe('the program', () => {
  test.each([[[]], [['--help']], [['-h']], [['help']]])('shows its help for %j', async (argv) => {
    const { exitCode, stdout, stderr } = await runCommand(argv);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const { name, summary } of loadCommands()) expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'));
  });

  test.each(COMMAND_NAMES)('shows help for %s with examples and every flag', async (name) => {
    const command = loadCommands().find((candidate) => candidate.name === name)!;
    const { exitCode, stdout } = await runCommand([name, '--help']);
    expect(exitCode).toBe(0);
    expect((await runCommand(['help', name])).stdout).toBe(stdout);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const { line } of command.examples) {
      expect(stdout).toContain(`cdk-distroless ${line.split('cdk-distroless ').at(-1)}`);
    }
    for (const flag of [...Object.keys(command.flags), 'help', 'quiet', 'debug']) expect(stdout).toContain(`--${flag}`);
  });

  test('shows the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await runCommand(['--version'])).stdout).toBe(`${version}\n`);
  });

  test.each([
    [['inspekt'], 'there is no command inspekt; did you mean inspect?; cdk-distroless --help lists them'],
    [['xyz'], 'there is no command xyz; cdk-distroless --help lists them'],
    [['bases', '--fromat', 'json'], 'there is no --fromat; did you mean --format?'],
    [['bases', '-x'], 'there is no -x'],
    [['bases', '--format', 'jso'], '--format is one of text, json, markdown, not jso; did you mean json?'],
    [['bases', '--format'], '--format needs a value: FORMAT'],
    [['bases', '--constructor'], 'there is no --constructor'],
    [['inspect', 'a', 'b'], 'one image at a time; b is too much'],
    [['inspect'], 'name an image, an archive, an OCI layout or a Dockerfile'],
  ])('fails on %j with one line that says what to do', async (argv, message) => {
    expect(await runCommand(argv)).toEqual({ exitCode: 2, stdout: '', stderr: `cdk-distroless: ${message}\n` });
  });

  test('shows where an error comes from only on --debug', async () => {
    const { exitCode, stderr } = await runCommand(['xyz', '--debug']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/\n +at .*program/);
  });

  test('colours only what a person watches, and nothing where NO_COLOR is set', async () => {
    const coloured = async (isTTY: boolean, environment: Record<string, string>) =>
      (await runCommand(['--help'], { isTTY, environment })).stdout.includes('\x1b[');
    await expect(coloured(true, {})).resolves.toBe(true);
    await expect(coloured(false, {})).resolves.toBe(false);
    await expect(coloured(true, { NO_COLOR: '1' })).resolves.toBe(false);
    await expect(coloured(true, { TERM: 'dumb' })).resolves.toBe(false);
    await expect(coloured(false, { FORCE_COLOR: '1' })).resolves.toBe(true);
  });
});

describe('the program as a process', () => {
  test('gives its exit code and keeps answer and complaint apart', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...PROGRAM, 'xyz'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^cdk-distroless: .*\n$/);
  }, 60_000);

  test('does not mind when nobody reads on', async () => {
    const child = spawn(process.execPath, [...PROGRAM, 'bases', '--format', 'json'], { cwd: ROOT });
    const complaints: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number];
    expect(Buffer.concat(complaints).toString()).toBe('');
    expect(code).toBe(0);
  }, 60_000);

  test('is what the package installs as a command', () => {
    const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string> };
    expect(bin).toEqual({ 'cdk-distroless': 'lib/cli/cdk-distroless.js' });
    expect(readFileSync(join(ROOT, 'lib/cli/cdk-distroless.ts'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
