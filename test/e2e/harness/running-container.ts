import { setTimeout as sleep } from 'node:timers/promises';
import { type CommandResult, docker, tryDocker } from './docker';
import { type ContainerDefinition, runArguments, runOptions, stopTimeoutSeconds } from './task-container';

/** A virtual machine on a busy machine takes half a minute to start. */
const ANSWER_LIMIT_MS = 120_000;

/** A connection that was made before the service listened may stay open without an answer. */
const ATTEMPT_LIMIT_MS = 15_000;

export interface StopOutcome {
  readonly exitCode: number;
  readonly seconds: number;
}

/** A container that runs as its definition says. */
export class RunningContainer {
  private readonly id: string;

  public constructor(
    image: string,
    private readonly definition: ContainerDefinition,
  ) {
    const { exitCode, printed } = tryDocker([
      'run',
      '--detach',
      ...runOptions(definition),
      image,
      ...runArguments(definition),
    ]);
    if (exitCode !== 0) throw new Error(`the container did not start:\n${printed}`);
    this.id = printed.trim().split('\n').at(-1) ?? '';
  }

  /** Asks until the service answers; says what the container printed when it never does. */
  public async get(path: string): Promise<{ readonly status: number; readonly body: string }> {
    const url = `http://${this.address()}${path}`;
    for (const deadline = Date.now() + ANSWER_LIMIT_MS; ; await sleep(100)) {
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(ATTEMPT_LIMIT_MS) });
        return { status: response.status, body: await response.text() };
      } catch (error) {
        if (Date.now() > deadline || this.inspect('{{.State.Running}}') === 'false')
          throw new Error(`no answer from ${url}; the container printed:\n${this.logs()}`, { cause: error });
      }
    }
  }

  public exec(...command: string[]): CommandResult {
    return tryDocker(['exec', this.id, ...command]);
  }

  /** Carries out the health check of the definition, which has to be in exec form. */
  public checkHealth(): CommandResult {
    const [form, ...command] = this.definition.HealthCheck?.Command ?? [];
    if (form !== 'CMD') throw new Error(`not a health check that works without a shell: ${form}`);
    return this.exec(...command);
  }

  /** SIGTERM, and SIGKILL when the stop timeout is over. */
  public stop(): StopOutcome {
    const started = performance.now();
    docker('stop', '--time', String(stopTimeoutSeconds(this.definition)), this.id);
    const seconds = (performance.now() - started) / 1000;
    return { exitCode: Number(this.inspect('{{.State.ExitCode}}')), seconds };
  }

  public logs(): string {
    return tryDocker(['logs', this.id]).printed;
  }

  public inspect(format: string): string {
    return docker('inspect', '--format', format, this.id);
  }

  public remove(): void {
    docker('rm', '--force', '--volumes', this.id);
  }

  private address(): string {
    const state = this.inspect('{{.State.Status}}');
    if (state !== 'running') throw new Error(`the container is ${state}; it printed:\n${this.logs()}`);
    return docker('port', this.id).split(' -> ')[1].split('\n')[0];
  }
}
