import { buildArguments, localTag } from '../../../lib/evidence/builds/asset-build';

describe('the command of the CDK CLI', () => {
  test('has every setting of an asset, in the order of the CLI', () => {
    const source = {
      directory: 'asset.1',
      cacheDisabled: true,
      cacheTo: { type: 'registry', params: { ref: 'cache:1', mode: 'max' } },
      cacheFrom: [{ type: 'registry', params: { ref: 'cache:1' } }, { type: 'gha' }],
      dockerOutputs: ['type=docker'],
      platform: 'linux/arm64',
      networkMode: 'host',
      dockerFile: 'docker/Dockerfile',
      dockerBuildTarget: 'runtime',
      dockerBuildSsh: 'default',
      dockerBuildSecrets: { npmrc: 'src=.npmrc' },
      dockerBuildContexts: { base: 'docker-image://debian' },
      dockerBuildArgs: { A: '1', B: 'x=y' },
    };
    expect(buildArguments('app:1', source)).toEqual([
      ...['build', '--build-arg', 'A=1', '--build-arg', 'B=x=y', '--build-context', 'base=docker-image://debian'],
      ...['--secret', 'id=npmrc,src=.npmrc', '--ssh', 'default', '--tag', 'app:1', '--target', 'runtime'],
      ...['--file', 'docker/Dockerfile', '--network', 'host', '--platform', 'linux/arm64', '--output=type=docker'],
      ...['--cache-from', 'type=registry,ref=cache:1', '--cache-from', 'type=gha'],
      ...['--cache-to', 'type=registry,ref=cache:1,mode=max', '--no-cache', '.'],
    ]);
  });

  test('leaves out what the asset does not set', () => {
    expect(buildArguments('app:1', { directory: '.', networkMode: '' })).toEqual(['build', '--tag', 'app:1', '.']);
  });

  test('names the image as the CLI does', () => {
    expect(localTag({ assetId: 'Web-AB12' })).toBe('cdkasset-web-ab12');
  });
});
