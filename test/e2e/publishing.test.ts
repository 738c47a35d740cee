import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildArguments, localTag } from '../../lib/evidence/builds/asset-build';
import { Assembly, ROOT } from './harness/assembly';
import { DOCKER } from './harness/docker-daemon';
import { describeWithDocker } from './harness/facts';
import { FakeAws } from './harness/fake-aws';
import { text } from './stand-ins/commands';

/** A Docker client that writes down what it is asked; it builds, and only claims to have logged in and pushed. */
const RECORDING_CLIENT = `#!/bin/bash
printf '%s\\0' "$@" | base64 -w0 >> "$RECORD"
echo >> "$RECORD"
while [ "$1" = --config ]; do shift 2; done
case "$1" in login | push) exit 0 ;; esac
exec ${DOCKER} "$@"
`;

describeWithDocker('the CDK CLI', () => {
  const folder = mkdtempSync(join(tmpdir(), 'distroless-e2e-publish-'));
  const assembly = Assembly.synthesize('examples/platform/app.ts');
  const aws = new FakeAws();

  afterAll(() => {
    aws.close();
    for (const path of [folder, assembly.directory]) rmSync(path, { recursive: true });
  });

  test('publishes the images of the platform, building each by the command that the tests use', async () => {
    const client = join(folder, 'docker');
    const record = join(folder, 'record');
    writeFileSync(client, RECORDING_CLIENT, { mode: 0o755 });
    const env = { ...process.env, ...(await aws.listen()), CDK_DOCKER: client, RECORD: record };
    const args = ['cdk', 'publish-assets', '--all', '--unstable=publish-assets', '--app', assembly.directory];
    await text('npx', args, { cwd: ROOT, env });
    const commands = readFileSync(record, 'utf8')
      .trim()
      .split('\n')
      .map((line) => argumentsIn(line));
    const builds = commands.filter(([command]) => command === 'build');
    const expected = assembly.assets.map(({ id, source }) => buildArguments(localTag({ assetId: id }), source));
    expect(builds).not.toEqual([]);
    expect(builds.map(String).sort()).toEqual(expected.map(String).sort());
    expect(commands.filter(([command]) => command === 'push')).toHaveLength(assembly.assets.length);
  });
});

/** The arguments of a recorded call, without the client's own options. */
function argumentsIn(line: string): string[] {
  const args = Buffer.from(line, 'base64').toString().split('\0').slice(0, -1);
  return args[0] === '--config' ? args.slice(2) : args;
}
