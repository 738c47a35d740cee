import type { ChildProcess } from 'node:child_process';
import { readSync, writeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

/** Never more memory than the other decoders take: a window of 64 MiB. */
const ARGUMENTS = ['-d', '-c', '-q', '--memory=64MB'];

/** Enough of what it says to know that it said something. */
const COMPLAINT_BYTES = 4096;

/** What is below the streams of a child process: not a public interface, so what is not as expected is not used. */
interface Pipe {
  readonly fd?: number;
  setBlocking?(blocking: boolean): number;
}

/** Whether a program has been looked for in vain. */
let missing = false;

/**
 * The program `zstd`, at work on one stream: twice as fast as WebAssembly, and on a processor of its own. It reads a file by itself, or its
 * input is written by one thread and its output read by another, both synchronously, so that neither can keep the other waiting for ever.
 *
 * What it made of the stream is to be believed only when the output has the digest that it should have, and nothing was said.
 */
export class ZstdProgram {
  /**
   * @param file descriptor of the file that it unpacks; without one it unpacks what is written to it
   * @returns undefined when there is no such program, or none that can be used from here
   */
  public static start(file?: number): ZstdProgram | undefined {
    if (missing || process.platform === 'win32') return undefined;
    // Loaded when it is needed: few images have layers of zstd, and it brings much with it.
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn('zstd', ARGUMENTS, { stdio: [file ?? 'pipe', 'pipe', 'pipe'] });
    // That it could not be started shows in that it has no number; the event comes when nobody waits for it any more.
    child.on('error', () => undefined);
    const [input, output, complaints] = [child.stdin, child.stdout, child.stderr].map(blockingFd);
    const needed = file === undefined ? [input, output, complaints] : [output, complaints];
    const program = new ZstdProgram(child, { input, output: output as number, complaints: complaints as number });
    if (child.pid !== undefined && needed.every((fd) => fd !== undefined)) return program;
    missing = true;
    program.close();
    return undefined;
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly fds: { readonly input?: number; readonly output: number; readonly complaints: number },
  ) {}

  /** What tells another thread where to read, and what to stop. */
  public get output(): ProgramOutput {
    return { pid: this.child.pid as number, fd: this.fds.output };
  }

  /**
   * Waits until the program has taken the bytes.
   *
   * @returns false when it takes no more
   */
  public write(chunk: Uint8Array): boolean {
    const { input } = this.fds;
    if (input === undefined) throw new TypeError('the program reads a file');
    try {
      for (let at = 0; at < chunk.length;) at += writeSync(input, chunk, at);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Waits for the next unpacked bytes.
   *
   * @returns how many have been put into the room; 0 when there are no more
   */
  public read(room: Buffer): number {
    return readSync(this.fds.output, room);
  }

  /** Says that the stream is over. */
  public end(): void {
    this.child.stdin?.destroy();
  }

  /** Waits until the program has ended. @returns whether it was content with the stream */
  public isContent(): boolean {
    return readSync(this.fds.complaints, Buffer.alloc(COMPLAINT_BYTES)) === 0;
  }

  /** Ends the program, wherever it is; its output can be read on to where it came. */
  public kill(): void {
    // What never was a process has the number 0 underneath, which stands for the whole group of this one.
    if (this.child.pid !== undefined) this.child.kill('SIGKILL');
  }

  /** Ends the program, and gives back what it needed. Nobody may be reading its output any more. */
  public close(): void {
    this.kill();
    for (const stream of [this.child.stdin, this.child.stdout, this.child.stderr]) stream?.destroy();
    this.child.unref();
  }
}

/** Where the output of a program can be read, by any thread of this process. */
export interface ProgramOutput {
  readonly pid: number;
  readonly fd: number;
}

function blockingFd(stream: Readable | Writable | null): number | undefined {
  const pipe = (stream as { readonly _handle?: Pipe } | null)?._handle;
  const blocking = pipe?.setBlocking?.(true) === 0;
  return blocking && pipe.fd !== undefined && pipe.fd >= 0 ? pipe.fd : undefined;
}
