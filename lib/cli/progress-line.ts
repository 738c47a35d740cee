import { printable } from '../report/printable';
import { formatBytes } from './quantities';
import type { TextStream } from './terminal';

/** Redrawn at most so often, in milliseconds: the work is what matters. */
const INTERVAL_MS = 100;
const BAR_WIDTH = 24;

/** One line on a terminal that is drawn over and over, and is gone when the work is done. */
export class ProgressLine {
  private drawnAt = 0;

  public constructor(
    private readonly stream: TextStream | undefined,
    private readonly label: string,
  ) {}

  /** Tells how far the work has come; a total of 0 means that it is not known. */
  public update(doneBytes: number, totalBytes: number): void {
    if (performance.now() - this.drawnAt >= INTERVAL_MS) this.say(progressText(doneBytes, totalBytes));
  }

  /** Tells how far the work has come in words. */
  public say(text: string): void {
    if (!this.stream) return;
    this.drawnAt = performance.now();
    const line = printable(`${this.label} ${text}`).slice(0, (this.stream.columns ?? 100) - 1);
    this.stream.write(`\r\x1b[K${line}`);
  }

  /** Takes the line away. */
  public end(): void {
    if (this.drawnAt > 0) this.stream?.write('\r\x1b[K');
  }
}

function progressText(done: number, total: number): string {
  if (total <= 0) return formatBytes(done);
  const filled = Math.min(BAR_WIDTH, Math.round((done / total) * BAR_WIDTH));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${formatBytes(done)} of ${formatBytes(total)}`;
}
