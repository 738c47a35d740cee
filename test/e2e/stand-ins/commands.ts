import { execFile, type ExecFileOptions } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const LARGEST_OUTPUT_BYTES = 2 ** 30;

/** Runs a command and returns what it printed; a failure carries the command and the end of its stderr. */
export async function output(command: string, args: readonly string[], options: ExecFileOptions = {}): Promise<Buffer> {
  try {
    const done = await run(command, args, { maxBuffer: LARGEST_OUTPUT_BYTES, ...options, encoding: 'buffer' });
    return done.stdout;
  } catch (error) {
    const stderr = (error as { stderr?: Buffer }).stderr?.toString().slice(-2000) ?? '';
    throw new Error(`${command} ${args.join(' ')} failed: ${stderr || (error as Error).message}`, { cause: error });
  }
}

export async function text(command: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> {
  return (await output(command, args, options)).toString('utf8');
}

/** Maps with at most `width` calls under way, keeping the order. */
export async function mapLimited<T, R>(
  items: readonly T[],
  width: number,
  each: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await each(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
