import { type ChildProcess, spawn } from 'node:child_process';
import { BuildError } from './build-error';

/** How a tool ended. */
export interface ToolResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** What it printed last, errors and all. */
  readonly output: readonly string[];
}

export interface ToolOptions {
  readonly directory?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What is kept of what a tool prints: builds print without end, and the reason why they fail comes last; after it npm explains its
 * options, and Docker repeats the step.
 */
const KEPT_BYTES = 64 * 1024;
const KEPT_LINES = 100;

/** A build does not go on when nobody waits for it any more. */
const RUNNING = new Set<ChildProcess>();
process.once('exit', () => RUNNING.forEach((child) => child.kill()));

/**
 * Runs a tool to its end. That it fails is an answer.
 *
 * @throws BuildError when it cannot be started, or is killed
 */
export function runTool(program: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const { directory: cwd, environment: env } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, printed] = [new Tail(), new Tail()];
    RUNNING.add(child);
    child.stdout.on('data', (chunk: Buffer) => [stdout, printed].forEach((tail) => tail.add(chunk)));
    child.stderr.on('data', (chunk: Buffer) => printed.add(chunk));
    child.once('error', (error) => reject(new BuildError(`cannot start ${program}: ${error.message}`)));
    child.once('close', (exitCode, signal) => {
      RUNNING.delete(child);
      if (exitCode === null) reject(new BuildError(`${program} was ended by ${signal}`, printed.lines));
      else resolve({ exitCode, stdout: stdout.text, output: printed.lines });
    });
  });
}

/** The end of what was printed. */
class Tail {
  private bytes = Buffer.alloc(0);

  public add(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk]).subarray(-KEPT_BYTES);
  }

  public get text(): string {
    return this.bytes.toString('utf8');
  }

  /** Lines as they stand in the end where a carriage return has them drawn over and over. */
  public get lines(): string[] {
    const lines = this.text.split('\n').map((line) => line.trimEnd().replace(/^.*\r/, ''));
    return lines.filter((line) => line !== '').slice(-KEPT_LINES);
  }
}
