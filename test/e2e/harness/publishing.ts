import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './assembly';
import { DOCKER } from './docker-daemon';
import { FakeAws } from './fake-aws';

/** A Docker client that writes down what it is asked; it builds, and only claims to have logged in and pushed. */
const RECORDING_CLIENT = `#!/bin/bash
printf '%s\\0' "$@" | base64 -w0 >> "$RECORD"
echo >> "$RECORD"
while [ "$1" = --config ]; do shift 2; done
case "$1" in login | push) exit 0 ;; esac
exec ${DOCKER} "$@"
`;

/** What the CDK CLI did. */
export interface Publication {
  readonly exitCode: number | null;
  readonly printed: string;
  /** What Docker was asked for, in order. */
  readonly commands: ReadonlyArray<readonly string[]>;
  /** What CloudFormation was asked for, in order. */
  readonly deployments: readonly string[];
}

/** Has the unmodified CDK CLI publish the assets of an assembly to a fake AWS. */
export function publishAssets(assembly: string, ...stacks: readonly string[]): Promise<Publication> {
  return published('cdk', 'publish-assets', '--unstable=publish-assets', '--app', assembly, ...stacks);
}

/** Has the unmodified CDK CLI deploy a stack to a fake AWS, whose CloudFormation takes no changes. */
export function deploy(assembly: string, stack: string): Promise<Publication> {
  return published('cdk', 'deploy', '--require-approval=never', '--app', assembly, stack);
}

/** The release of cdk-assets that the tests run; pipelines of CDK install the latest. */
const CDK_ASSETS = 'cdk-assets@4.7.3';

/** Has an asset published by the very command that the pipelines of CDK give to CodeBuild. */
export function publishInPipeline(manifest: string, asset: string): Promise<Publication> {
  return published('--yes', CDK_ASSETS, '--path', manifest, '--verbose', 'publish', asset);
}

/** Runs a program of npm with a fake AWS and a Docker client that records. */
async function published(...args: readonly string[]): Promise<Publication> {
  const folder = mkdtempSync(join(tmpdir(), 'distroless-e2e-publish-'));
  const aws = new FakeAws();
  try {
    const [client, record] = [join(folder, 'docker'), join(folder, 'record')];
    writeFileSync(client, RECORDING_CLIENT, { mode: 0o755 });
    writeFileSync(record, '');
    const cache = join(folder, 'cache');
    const variables = { ...(await aws.listen()), CDK_DOCKER: client, RECORD: record, CDK_DISTROLESS_CACHE: cache };
    const { exitCode, printed } = await run('npx', args, { ...process.env, ...variables });
    const lines = readFileSync(record, 'utf8').split('\n').slice(0, -1);
    return { exitCode, printed, commands: lines.map(argumentsIn), deployments: aws.deployments };
  } finally {
    aws.close();
    rmSync(folder, { recursive: true });
  }
}

/** Asynchronously: the fake AWS answers from this process. */
function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Pick<Publication, 'exitCode' | 'printed'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, printed }));
  });
}

/** The arguments of a recorded call, without the client's own options. */
function argumentsIn(line: string): string[] {
  const args = Buffer.from(line, 'base64').toString().split('\0').slice(0, -1);
  return args[0] === '--config' ? args.slice(2) : args;
}
