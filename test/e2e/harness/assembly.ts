import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DockerImageSource } from 'aws-cdk-lib/cloud-assembly-schema';
import { environmentFacts } from './facts';
import type { ContainerDefinition } from './task-container';

export const ROOT = resolve(__dirname, '../../..');

/** An image that an assembly wants built. */
export interface ImageAsset {
  readonly id: string;
  readonly source: DockerImageSource;
}

/** A container of a task definition, with the asset that it runs. */
export interface TaskContainer {
  /** Logical id of the task definition, and name of the container. */
  readonly name: string;
  readonly asset: ImageAsset;
  readonly definition: ContainerDefinition;
}

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: TaskProperties }>>;
}

interface TaskProperties {
  readonly ContainerDefinitions?: readonly ContainerDefinition[];
}

/** What `cdk synth` made of an app, read from the disk as the CDK CLI reads it. */
export class Assembly {
  /** Synthesizes an app with the real CLI; images come from the registry of the tests. */
  public static synthesize(app: string, variables: Readonly<Record<string, string>> = {}): Assembly {
    const directory = mkdtempSync(join(tmpdir(), 'distroless-e2e-out-'));
    const mirrors = `cdk-distroless:mirrors=${JSON.stringify(environmentFacts().mirrors)}`;
    const command = `ts-node --transpile-only --prefer-ts-exts ${app}`;
    const args = ['cdk', 'synth', '--quiet', '--app', command, '--output', directory, '--context', mirrors];
    const env = { ...process.env, ...variables };
    execFileSync('npx', args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
    return new Assembly(directory);
  }

  public constructor(public readonly directory: string) {}

  public get assets(): ImageAsset[] {
    const manifests = this.read<{ dockerImages?: Record<string, { source: DockerImageSource }> }>('.assets.json');
    return manifests.flatMap((manifest) =>
      Object.entries(manifest.dockerImages ?? {}).map(([id, { source }]) => ({ id, source })),
    );
  }

  /** The containers that run an asset of the assembly. */
  public get containers(): TaskContainer[] {
    const tasks = this.read<Template>('.template.json')
      .flatMap((template) => Object.entries(template.Resources ?? {}))
      .filter(([, resource]) => resource.Type === 'AWS::ECS::TaskDefinition');
    return tasks.flatMap(([id, { Properties }]) =>
      (Properties?.ContainerDefinitions ?? []).flatMap((definition) => {
        const asset = this.assetOf(definition);
        return asset ? [{ name: `${id}/${definition.Name}`, asset, definition }] : [];
      }),
    );
  }

  /** The container of that name. */
  public container(name: string): TaskContainer {
    const found = this.containers.find(({ definition }) => definition.Name === name);
    if (!found) throw new Error(`the app has no container ${name}`);
    return found;
  }

  /** The image's tag is the asset's hash, whatever the registry. */
  private assetOf(definition: ContainerDefinition): ImageAsset | undefined {
    const hash = /[0-9a-f]{64}/.exec(JSON.stringify(definition.Image))?.[0];
    return this.assets.find((asset) => hash !== undefined && asset.id.endsWith(hash));
  }

  private read<T>(suffix: string): T[] {
    const names = readdirSync(this.directory).filter((name) => name.endsWith(suffix));
    return names.map((name) => JSON.parse(readFileSync(join(this.directory, name), 'utf8')) as T);
  }
}
