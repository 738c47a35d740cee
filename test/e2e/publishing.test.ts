import { rmSync } from 'node:fs';
import { buildArguments, localTag } from '../../lib/evidence/builds/asset-build';
import { Assembly } from './harness/assembly';
import { describeWithDocker } from './harness/facts';
import { publishAssets } from './harness/publishing';

describeWithDocker('the CDK CLI', () => {
  const assembly = Assembly.synthesize('examples/platform/app.ts');

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  test('publishes the images of the platform, building each by the command that the tests use', async () => {
    const { exitCode, printed, commands } = await publishAssets(assembly.directory, '--all');
    expect({ exitCode, printed }).toEqual({ exitCode: 0, printed });
    const builds = commands.filter(([command]) => command === 'build');
    const expected = assembly.assets.map(({ id, source }) => buildArguments(localTag({ assetId: id }), source));
    expect(builds).not.toEqual([]);
    expect(builds.map(String).sort()).toEqual(expected.map(String).sort());
    expect(commands.filter(([command]) => command === 'push')).toHaveLength(assembly.assets.length);
  });
});
