import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { runtimes } from '../../examples/runtimes/app';
import { DistrolessChecks } from '../../lib';
import { cdk } from '../guard/cdk-cli';
import { freshDirectory } from '../images/source-directory';

describe('images where no construct of ours runs them', () => {
  test('are accepted by the real CLI', () => {
    const { status, output } = cdk(['synth', '-q'], 'examples/runtimes/app.ts');
    expect(output).not.toMatch(/^(ERROR|WARNING) /m);
    expect(status).toBe(0);
  });

  test('are all seen by the guard: with the default policy it tells of each that its base is not pinned', () => {
    const app = new App({ outdir: join(freshDirectory(), 'cdk.out') });
    runtimes(app);
    const { violations } = new DistrolessChecks(app).validateScope(app);
    const seen = violations.flatMap(({ ruleName, violatingResources }) =>
      (violatingResources ?? []).map(({ constructPath }) => `${ruleName} ${constructPath?.split('/')[0]}`),
    );
    expect(seen.sort()).toEqual([
      'UnpinnedBase[AgentRuntimeArtifact.ContainerConfiguration.ContainerUri] AgentCore',
      'UnpinnedBase[ContainerProperties.Image] Batch',
      'UnpinnedBase[SourceConfiguration.ImageRepository.ImageIdentifier] AppRunner',
    ]);
  });
});
