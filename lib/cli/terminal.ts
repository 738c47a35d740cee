import { styleText } from 'node:util';
import { ProgressLine } from './progress-line';

/** Where a stream of text goes, and whether a person watches it. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface TerminalOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** For `NO_COLOR`, `FORCE_COLOR` and `TERM`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether to leave out everything that is not the answer. */
  readonly quiet: boolean;
}

/** Answers go to stdout, everything else to stderr; colour and progress only where a person watches. */
export class Terminal {
  /** Whether answers are coloured. */
  public readonly hasColour: boolean;

  public constructor(private readonly options: TerminalOptions) {
    this.hasColour = wantsColour(options);
  }

  /** Characters in a line of the answer. */
  public get width(): number {
    return Math.min(this.options.stdout.columns ?? 100, 140);
  }

  /** A line of the answer, or several. */
  public print(text: string): void {
    this.options.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** A remark that is not part of the answer. */
  public note(text: string): void {
    if (!this.options.quiet) this.options.stderr.write(`${text}\n`);
  }

  /** Why there is no answer. */
  public fail(text: string): void {
    this.options.stderr.write(`${text}\n`);
  }

  public style(style: Style | Style[], text: string): string {
    return this.hasColour ? styleText(style, text, { validateStream: false }) : text;
  }

  /** A line that tells how far long work has come; nothing where nobody watches. */
  public progress(label: string): ProgressLine {
    const visible = this.options.stderr.isTTY === true && !this.options.quiet;
    return new ProgressLine(visible ? this.options.stderr : undefined, label);
  }
}

/** https://no-color.org, https://force-color.org */
function wantsColour({ stdout, environment }: TerminalOptions): boolean {
  if (environment.NO_COLOR) return false;
  if (environment.FORCE_COLOR) return environment.FORCE_COLOR !== '0';
  return stdout.isTTY === true && environment.TERM !== 'dumb';
}
