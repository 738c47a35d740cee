import { runProgram } from '../../lib/cli/program';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the streams are a terminal. */
  readonly isTTY?: boolean;
  readonly today?: string;
}

/** Runs a command line in this process, and gives what it printed. */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { directory = __dirname, environment = {}, isTTY, today = '2026-11-23' } = options;
  const [stdout, stderr] = [new Recorder(isTTY), new Recorder(isTTY)];
  const exitCode = await runProgram(argv, { stdout, stderr, environment, directory, today });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Recorder {
  public text = '';

  public constructor(public readonly isTTY: boolean | undefined) {}

  public write(text: string): void {
    this.text += text;
  }
}
