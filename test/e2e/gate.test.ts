import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Assembly } from './harness/assembly';
import { describeWithDocker, environmentFacts } from './harness/facts';
import { deploy, publishAssets, publishInPipeline } from './harness/publishing';

describeWithDocker('the publish gate under the CDK CLI', () => {
  const { mirrors } = environmentFacts();
  const base = `${mirrors['gcr.io/distroless']}/static-debian13`;
  const bases = { GOOD_BASE: `${base}:nonroot`, BAD_BASE: `${base}:debug` };
  const assembly = Assembly.synthesize('test/e2e/gated/app.ts', bases);

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  test('lets an image without a shell through to the registry', async () => {
    const { exitCode, printed, commands } = await publishAssets(assembly.directory, 'Good');
    expect({ exitCode, printed }).toEqual({ exitCode: 0, printed });
    const tag = expect.stringMatching(/^cdkasset-[0-9a-f]{64}$/) as string;
    const published = expect.stringMatching(/\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/assets:[0-9a-f]{64}$/) as string;
    expect(commands.map(([verb]) => verb)).toEqual(expect.arrayContaining(['save', 'tag', 'push']));
    expect(commands).toContainEqual(['tag', tag, published]);
    expect(commands).toContainEqual(['push', published]);
  });

  test('stops before an image with a shell, and says where it is', async () => {
    const { exitCode, printed, commands } = await publishAssets(assembly.directory, 'Bad');
    expect(exitCode).toBe(1);
    expect(printed).toContain('Bad/Image is not published:');
    expect(printed).toMatch(/Distroless::Shell\[Bad\/Image\] {2}busybox is in the image as \/busybox\/busybox/);
    expect(commands.map(([verb]) => verb)).toContain('save');
    expect(commands.filter(([verb]) => verb === 'push' || verb === 'tag')).toEqual([]);
  });

  describe.each([
    ['cdk deploy', (stack: string) => deploy(assembly.directory, stack)],
    ['the command of a CDK pipeline', (stack: string) => publishInPipeline(...assetOf(stack))],
  ])('%s', (_, publish) => {
    test('stops before it publishes an image with a shell, and changes no stack', async () => {
      const { exitCode, printed, commands, deployments } = await publish('Bad');
      expect(exitCode).not.toBe(0);
      expect(printed).toContain('Bad/Image is not published:');
      expect(commands.map(([verb]) => verb)).toContain('save');
      expect(commands.filter(([verb]) => verb === 'push' || verb === 'tag')).toEqual([]);
      expect(deployments.filter(changesStack)).toEqual([]);
    });
  });

  test('the command of a CDK pipeline publishes an image without a shell', async () => {
    const { exitCode, printed, commands } = await publishInPipeline(...assetOf('Good'));
    expect({ exitCode, printed }).toEqual({ exitCode: 0, printed });
    expect(commands.map(([verb]) => verb)).toContain('push');
  });

  test('cdk deploy publishes an image without a shell, and goes on to CloudFormation', async () => {
    const { printed, commands, deployments } = await deploy(assembly.directory, 'Good');
    expect(printed).not.toContain('is not published');
    expect(commands.map(([verb]) => verb)).toContain('push');
    // No further: there is no CloudFormation on this machine.
    expect({ printed, deployments }).toEqual({ printed, deployments: expect.arrayContaining(['CreateChangeSet']) });
  });

  /** The manifest of a stack, and its only image in the words of `cdk-assets`. */
  function assetOf(stack: string): [manifest: string, asset: string] {
    const manifest = join(assembly.directory, `${stack}.assets.json`);
    const content = JSON.parse(readFileSync(manifest, 'utf8')) as AssetManifest;
    // The latest cdk-assets knows the schema before that of aws-cdk-lib, and no other difference between them matters here.
    writeFileSync(`${manifest}.54.json`, JSON.stringify({ ...content, version: '54.0.0' }));
    const [[hash, { destinations }]] = Object.entries(content.dockerImages);
    return [`${manifest}.54.json`, `${hash}:${Object.keys(destinations)[0]}`];
  }
});

interface AssetManifest {
  readonly dockerImages: Readonly<Record<string, { readonly destinations: object }>>;
}

const changesStack = (action: string) => /^(?:Create|Update|Execute)/.test(action);
