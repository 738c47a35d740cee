import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashOf, writeAssetAssembly } from '../cli/asset-assembly';
import { runCommand } from '../cli/run-command';
import { imageId } from './harness/docker';
import { describeWithDocker, environmentFacts } from './harness/facts';

describeWithDocker('cdk-distroless verify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'distroless-e2e-verify-'));

  afterAll(() => rmSync(folder, { recursive: true }));

  const verify = (...argv: string[]) => {
    const environment = { ...(process.env as Record<string, string>), CDK_DISTROLESS_CACHE: join(folder, 'cache') };
    return runCommand(['verify', ...argv], { directory: folder, environment });
  };

  test('finds the shell that is in what was built, beside an image without one and a build that fails', async () => {
    const { mirrors } = environmentFacts();
    const distroless = `FROM ${mirrors['gcr.io/distroless']}/static-debian13:nonroot\nCOPY app /app\nENTRYPOINT ["/app"]\n`;
    const builder = `${mirrors['docker.io/library']}/python:3.13-slim-trixie`;
    const failing = `FROM ${builder} AS build\nRUN echo reason && exit 9\n${distroless}COPY --from=build /out /out\n`;
    const copying = `FROM ${builder} AS build\nRUN mkdir /out && cp /bin/dash /out/health\n${distroless}COPY --from=build /out /out\n`;
    writeFileSync(join(folder, 'distroless.config.json'), JSON.stringify({ mirrors }));
    writeAssetAssembly(join(folder, 'cdk.out'), {
      Clean: { files: { Dockerfile: distroless, app: 'app' } },
      Copying: { files: { Dockerfile: copying, app: 'app' }, source: { networkMode: 'host' } },
      Failing: { files: { Dockerfile: failing, app: 'app' }, source: { networkMode: 'host' } },
    });
    const { exitCode, stdout, stderr } = await verify();
    expect(stdout).toMatch(
      /Copying\/Task [^]*Distroless::Shell\[app\] {2}dash reaches the final image as \/out\/health, known by its content/,
    );
    expect(stdout).not.toMatch(/Clean\/Task [^\n]*\nDistroless::(Shell|Unproven)/);
    expect(stderr).toMatch(
      /cdk-distroless: Failing\/Image could not be inspected: docker build exited with 1: .*exit 9/,
    );
    expect(exitCode).toBe(2);
    expect(imageId(`cdkasset-${hashOf('Clean')}`)).toMatch(/^sha256:/);
  });

  test('knows what was inspected the next time', async () => {
    const { stderr } = await verify();
    expect(stderr).toContain('1 image inspected, 2 known from earlier');
  });
});
