import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { platform } from '../../../examples/platform/app';
import { cdkOn } from '../../guard/cdk-cli';
import { freshDirectory } from '../../images/source-directory';

const outdir = join(freshDirectory(), 'cdk.out');
const stack = platform(new App({ outdir }));

/** Files of the staged build contexts, by the asset's name. */
function contexts(): Record<string, string[]> {
  const { dockerImages } = JSON.parse(readFileSync(join(outdir, 'Platform.assets.json'), 'utf8')) as {
    dockerImages: Record<string, { source: { directory: string } }>;
  };
  const entries = Object.entries(dockerImages);
  return Object.fromEntries(
    entries.map(([id, { source }]) => [id.replace(/-[^-]*$/, ''), readdirSync(join(outdir, source.directory)).sort()]),
  );
}

test('four services in four languages run hardened, and pass the checks that watch over them', () => {
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::ECS::Service', 4);
  template.allResourcesProperties('AWS::ECS::TaskDefinition', {
    RuntimePlatform: { CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' },
  });
});

test('each image is built of its own sources, and of nothing that only tools read', () => {
  expect(contexts()).toEqual({
    'platform-ids-image': ['.distroless', 'Dockerfile', 'go.mod', 'go.sum', 'main.go'],
    'platform-time-image': ['.distroless', 'Dockerfile', 'pom.xml', 'src'],
    'platform-quotes-image': ['Dockerfile', 'package-lock.json', 'package.json', 'src', 'tsconfig.json'],
    'platform-words-image': ['.distroless', 'Dockerfile', 'app.py', 'requirements.in', 'requirements.txt'],
  });
});

describe('a second synthesis', () => {
  const again = platform(new App({ outdir: join(freshDirectory(), 'cdk.out') }));

  test('gives the same templates and images', () => {
    expect(Template.fromStack(again).toJSON()).toEqual(Template.fromStack(stack).toJSON());
  });

  test('leaves cdk diff nothing to show', () => {
    const { directory } = (again.node.root as App).synth();
    const before = join(outdir, 'Platform.template.json');
    const { status, output } = cdkOn(['diff', '--app', directory, '--template', before, '--fail']);
    expect(output).toContain('There were no differences');
    expect(status).toBe(0);
  });
});

test.each(['node-api/package-lock.json', 'python-api/requirements.txt', 'go-api/go.sum'])(
  '%s names no registry',
  (lockfile) => {
    const text = readFileSync(join(__dirname, '../../../examples/platform/services', lockfile), 'utf8');
    expect(text).not.toMatch(/"resolved"|index-url/);
  },
);
