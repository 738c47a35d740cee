import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

function read(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

/** With a flag left open, the CLI says so at every synthesis. */
describe.each(['cdk.json', 'examples/platform/templates/service/typescript/cdk.json'])('%s', (file) => {
  test('sets the feature flags that CDK recommends for new projects', () => {
    const library = join(require.resolve('aws-cdk-lib'), '..');
    expect(read(join(ROOT, file)).context).toMatchObject(read(join(library, 'recommended-feature-flags.json')));
  });
});
