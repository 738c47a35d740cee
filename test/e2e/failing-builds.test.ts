import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../cli/run-command';
import { Assembly } from './harness/assembly';
import { testUnless } from './harness/conditions';
import { describeWithDocker, environmentFacts } from './harness/facts';
import { publishAssets } from './harness/publishing';
import { DOTNET_OBSTACLE } from './stand-ins/dotnet/dotnet-sdk';

/** What the tool of each language says is wrong, and where. */
const SAID: Readonly<Record<string, RegExp>> = {
  TypeScript: /src\/broken\.ts\(1,14\): error TS2322: Type 'string' is not assignable to type 'number'/,
  Npm: /Missing: ms@2\.1\.3 from lock file/,
  Go: /api\/broken\.go:3:13: cannot use "text"/,
  Python: /THESE PACKAGES DO NOT MATCH THE HASHES[^]*itsdangerous==2\.2\.0/,
  Java: /Broken\.java:\[2,16\] incompatible types/,
  Rust: /error\[E0308\]: mismatched types[^]*greeting\/src\/lib\.rs:1:24/,
  Dotnet: /Broken\.cs\(3,18\): error CS0029: Cannot implicitly convert type 'string' to 'int'/,
};

/** What cannot be built on this machine, and why. */
const OBSTACLES: Readonly<Record<string, string | undefined>> = { Dotnet: DOTNET_OBSTACLE };

describeWithDocker('a build that fails', () => {
  const assembly = Assembly.synthesize('test/e2e/services/failing.ts');
  const folder = mkdtempSync(join(tmpdir(), 'distroless-e2e-failing-'));

  afterAll(() => [assembly.directory, folder].forEach((directory) => rmSync(directory, { recursive: true })));

  describe('under cdk-distroless verify', () => {
    let exitCode: number;
    let parts: readonly string[];

    beforeAll(async () => {
      writeFileSync(join(folder, 'distroless.config.json'), JSON.stringify({ mirrors: environmentFacts().mirrors }));
      const environment = { ...(process.env as Record<string, string>), CDK_DISTROLESS_CACHE: join(folder, 'cache') };
      const result = await runCommand(['verify', assembly.directory], { directory: folder, environment });
      exitCode = result.exitCode;
      parts = result.stderr.split('cdk-distroless: ');
    });

    for (const [stack, words] of Object.entries(SAID)) {
      testUnless(OBSTACLES[stack], `shows the words of the tool below the path of the image: ${stack}`, () => {
        const start = `${stack}/Image could not be inspected: docker build exited with 1: `;
        expect(parts).toContainEqual(expect.stringMatching(new RegExp(`^${start}[^]*${words.source}`)));
      });
    }

    test('is a run that could not be finished', () => {
      expect(exitCode).toBe(2);
    });
  });

  test('ends the CDK CLI with the words of the tool and the path of the image', async () => {
    const { exitCode, printed } = await publishAssets(assembly.directory, 'Java');
    expect(printed).toMatch(SAID.Java);
    expect(printed).toContain('Failed to build asset Java/Image');
    expect(exitCode).toBe(1);
  });
});
