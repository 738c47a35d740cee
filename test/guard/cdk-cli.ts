import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryDirectory } from '../assembly/cdk-apps';

const ROOT = join(__dirname, '../..');

export interface CliResult {
  readonly status: number | null;
  /** What the CLI says, without what is the same for every app. */
  readonly output: string;
}

/** How long one run may take on a busy machine. */
export const CLI_TIMEOUT = 300_000;

/** What runs an app of this repository. */
export function appCommand(app: string): string {
  return `"${process.execPath}" -r ts-node/register/transpile-only ${app}`;
}

/** Runs the real CLI on an app of this repository: `cdk(['synth', '-q'], 'examples/violations/app.ts')`. */
export function cdk(args: readonly string[], app: string, env: Record<string, string> = {}): CliResult {
  return cdkOn([...args, '--app', appCommand(app), '--output', temporaryDirectory()], env);
}

/** Runs the real CLI as it is. */
export function cdkOn(args: readonly string[], env: Record<string, string> = {}): CliResult {
  const cli = require.resolve('aws-cdk/bin/cdk');
  const result = spawnSync(process.execPath, [cli, ...args, '--no-color', '--no-notices'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, TS_NODE_PREFER_TS_EXTS: 'true', CI: '', NO_COLOR: '1', ...env },
  });
  return { status: result.status, output: withoutHints(result.stdout + result.stderr) };
}

function withoutHints(output: string): string {
  return output
    .split('\n')
    .filter((line) => !/feature flags are not configured|^\[Warning at|^Supply a stack id/.test(line))
    .join('\n')
    .trim();
}
