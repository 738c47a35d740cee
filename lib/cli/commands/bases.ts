import { DistrolessBase } from '../../bases/distroless-base';
import { defineCommand } from '../command';
import { ExitCode } from '../exit-code';
import { tableMarkdown, tableText, type Table } from '../table';
import { UsageError } from '../usage-error';

const FORMATS = ['text', 'json', 'markdown'] as const;

/** Lists the distroless images that can be built on by name. */
export const bases = defineCommand({
  name: 'bases',
  summary: 'list the distroless images to build on',
  operands: '[WORD ...]',
  description:
    'Lists the distroless images that DistrolessBase offers by name: what is in them, who they run as, how long they are\n' +
    'looked after. Words narrow the list down to the images that have them all somewhere.',
  flags: {
    format: { type: 'string', value: 'FORMAT', choices: FORMATS, description: 'how to print the list (text)' },
  },
  examples: [
    { line: 'bases nodejs', does: 'which distroless images have Node.js?' },
    { line: 'bases --format json', does: 'the whole list for a program' },
  ],
  run: (words, { format }, { terminal }) => {
    const found = entries().filter((entry) => words.every((word) => entryText(entry).includes(word.toLowerCase())));
    if (found.length === 0)
      throw new UsageError(`no base has ${words.join(' and ')}; cdk-distroless bases lists them all`);
    if (format === 'json') terminal.print(JSON.stringify({ schemaVersion: 1, bases: found }, undefined, 2));
    else if (format === 'markdown') terminal.print(tableMarkdown(table(found)));
    else terminal.print(tableText(table(found), terminal));
    return ExitCode.COMPLIANT;
  },
});

/** A base as the list shows it; null for what is not known or does not apply. */
interface BaseEntry {
  readonly name: string;
  readonly reference: string;
  readonly family: string;
  readonly runtime: string;
  readonly runtimeVersion: string | null;
  readonly user: string | null;
  readonly entrypoint: readonly string[];
  readonly libc: string;
  readonly release: string | null;
  readonly architectures: readonly string[];
  readonly endOfLife: string | null;
}

function entries(): BaseEntry[] {
  return Object.entries(DistrolessBase.all()).map(([name, base]) => ({
    name,
    reference: base.reference,
    family: base.family,
    runtime: base.runtime,
    runtimeVersion: base.runtimeVersion ?? null,
    user: base.user ?? null,
    entrypoint: base.entrypoint,
    libc: base.libc,
    release: base.release ?? null,
    architectures: base.architectures,
    endOfLife: base.endOfLife ?? null,
  }));
}

function entryText(entry: BaseEntry): string {
  return Object.values(entry).flat().join(' ').toLowerCase();
}

function table(found: readonly BaseEntry[]): Table {
  return {
    headings: ['DistrolessBase', 'reference', 'runtime', 'user', 'libc', 'release', 'until'],
    rows: found.map(({ name, reference, runtime, runtimeVersion, user, libc, release, endOfLife }) => [
      name,
      reference,
      [runtime === 'none' ? '-' : runtime, runtimeVersion ?? ''].join(' ').trim(),
      user ?? '?',
      libc === 'none' ? '-' : libc,
      release ?? '-',
      endOfLife ?? '-',
    ]),
  };
}
