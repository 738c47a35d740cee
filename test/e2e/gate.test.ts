import { rmSync } from 'node:fs';
import { Assembly } from './harness/assembly';
import { describeWithDocker, environmentFacts } from './harness/facts';
import { publishAssets } from './harness/publishing';

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
});
