import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** An image asset, and what lies in its directory. */
export interface AssetFixture {
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** What stands in the asset manifest besides the directory, or in its place. */
  readonly source?: Readonly<Record<string, unknown>>;
  /** @default - one of its own */
  readonly hash?: string;
}

/** The hash that an asset of a name has. */
export function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

/** Writes a cloud assembly with a stack for each asset, in which a service runs it: `Web` runs the asset `Web`. */
export function writeAssetAssembly(directory: string, assets: Readonly<Record<string, AssetFixture>>): void {
  const artifacts = Object.keys(assets).flatMap((name) => [
    [
      name,
      { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.template.json` }, displayName: name },
    ],
    [`${name}.assets`, { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } }],
  ]);
  write(directory, 'manifest.json', { version: '36.0.0', artifacts: Object.fromEntries(artifacts) as object });
  for (const [name, asset] of Object.entries(assets)) writeStack(directory, name, asset);
}

function writeStack(directory: string, name: string, { files = {}, source, hash = hashOf(name) }: AssetFixture): void {
  const folder = `asset.${hashOf(name)}`;
  for (const [file, content] of Object.entries(files)) write(directory, `${folder}/${file}`, content);
  const image = {
    displayName: 'Image',
    source: { ...(source?.executable === undefined && { directory: folder }), ...source },
    destinations: { current: { repositoryName: `assets-${name.toLowerCase()}`, imageTag: hash } },
  };
  write(directory, `${name}.assets.json`, { version: '36.0.0', files: {}, dockerImages: { [hash]: image } });
  const registry = '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}';
  const container = {
    Name: 'app',
    Image: { 'Fn::Sub': `${registry}/assets-${name.toLowerCase()}:${hash}` },
    ReadonlyRootFilesystem: true,
    User: '65532',
  };
  const task = { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [container] } };
  write(directory, `${name}.template.json`, { Resources: { Task: task } });
}

function write(directory: string, name: string, content: string | Buffer | object): void {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
}
