import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A cloud assembly as another language's app leaves it behind: files, written by hand. One service, built from a Dockerfile. */
export function writeAssembly(directory: string, dockerfile: string, image?: string): void {
  const hash = 'ab'.repeat(32);
  const asset = { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/assets:' + hash };
  const container = { Name: 'web', Image: image ?? asset, ReadonlyRootFilesystem: true, User: '65532' };
  const files: Record<string, string | object> = {
    'manifest.json': {
      version: '36.0.0',
      artifacts: {
        Web: {
          type: 'aws:cloudformation:stack',
          environment: 'aws://unknown-account/unknown-region',
          properties: { templateFile: 'Web.template.json' },
          displayName: 'Web',
        },
        'Web.assets': { type: 'cdk:asset-manifest', properties: { file: 'Web.assets.json' } },
      },
    },
    'Web.assets.json': {
      version: '36.0.0',
      files: {},
      dockerImages: {
        [hash]: {
          source: { directory: `asset.${hash}` },
          destinations: { 'current_account-current_region': { repositoryName: 'assets', imageTag: hash } },
        },
      },
    },
    'Web.template.json': {
      Resources: {
        Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [container] } },
      },
    },
    [`asset.${hash}/Dockerfile`]: dockerfile,
    [`asset.${hash}/app`]: 'app',
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
}
