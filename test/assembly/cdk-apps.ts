import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_ecs as ecs } from 'aws-cdk-lib';
import type { AppProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export function temporaryDirectory(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'assembly-')));
}

/** A directory with a Dockerfile in it. */
export function buildContext(dockerfile = 'FROM gcr.io/distroless/static-debian13:nonroot\n'): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'Dockerfile'), dockerfile);
  return directory;
}

export function app(props: AppProps = {}): App {
  return new App({ outdir: join(temporaryDirectory(), 'cdk.out'), analyticsReporting: false, ...props });
}

export function taskOf(scope: Construct, id: string, image: ecs.ContainerImage): ecs.FargateTaskDefinition {
  const task = new ecs.FargateTaskDefinition(scope, id);
  task.addContainer('web', { image });
  return task;
}

/** Files of an assembly that no CDK made, by path. */
export function writeAssembly(files: Record<string, unknown>): string {
  const directory = temporaryDirectory();
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return directory;
}
