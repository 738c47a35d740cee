import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { DockerDaemon } from './docker-daemon';
import { prepareStandIns } from '../stand-ins/stand-ins';

const ROOT = resolve(__dirname, '../../..');

/** What the tests are told of the environment that was started for them. */
export interface EnvironmentFacts {
  /** Host and port of the registry. */
  readonly registry: string;
  /** The OCI layout with the stand-ins. */
  readonly layout: string;
  /** The value of the context key `cdk-distroless:mirrors`: which prefix is found where. */
  readonly mirrors: Readonly<Record<string, string>>;
}

/** A Docker daemon and a registry with stand-ins of everything that builds pull. */
export class TestEnvironment {
  private readonly daemon = new DockerDaemon();
  private registry?: ChildProcess;

  /** Starts both; whatever was started is stopped again when something fails. */
  public async start(log: (message: string) => void): Promise<EnvironmentFacts> {
    try {
      const layout = await prepareStandIns(log);
      await this.daemon.start();
      return { layout, ...(await this.serve(layout)) };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  public async stop(): Promise<void> {
    this.registry?.kill();
    await this.daemon.stop();
  }

  /** The variables of a process that uses the daemon. */
  public get variables(): Readonly<Record<string, string>> {
    return this.daemon.environment;
  }

  private async serve(layout: string): Promise<Omit<EnvironmentFacts, 'layout'>> {
    const args = ['-r', 'ts-node/register/transpile-only', join(__dirname, 'registry.ts'), layout];
    const env = { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.json') };
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.registry = child;
    const registry = await new Promise<string>((ready, failed) => {
      child.stdout.once('data', (line: Buffer) => ready(line.toString().trim()));
      child.once('exit', (code) => failed(new Error(`the registry ended with ${code}`)));
    });
    const names = ['gcr.io/distroless', 'docker.io/library', 'mcr.microsoft.com/dotnet'];
    return { registry, mirrors: Object.fromEntries(names.map((name) => [name, `${registry}/${name}`])) };
  }
}
