import { posix } from 'node:path';
import type { BuildStage } from '../build-stage';
import { expandWords, NO_VARIABLES } from '../expansion';
import type { RunStep } from '../file-step';
import { RefusedDockerfile } from '../refusal';
import { recogniseName } from '../../layers/recognise/name-recogniser';
import type { Evidence, FileSystem } from './evidence';
import { absolutePath, isWithin } from './path-pattern';

/** A copy or link that a RUN makes, as far as its text tells. */
export interface RunCopy {
  readonly source: string;
  readonly destination: string;
}

const COPYING = new Set(['cp', 'install', 'ln', 'mv']);
/** Longer scripts are not read for copies; what they make is not known, as with every RUN. */
const MAX_SCRIPT_LENGTH = 65_536;

/**
 * The copies of shells and package managers that are plain in the text of a RUN: `cp /bin/busybox /out/tool`.
 *
 * This finds what is written out and nothing else. A program can put anything anywhere, so that not finding a copy proves nothing.
 */
export function copiesOf(step: RunStep): RunCopy[] {
  return commandsOf(step).flatMap(copiesOfCommand);
}

/** What a copy brings if its source lies in something that is mounted while the command runs; only what is proved. */
export function copyFromMount(
  step: RunStep,
  { source, destination }: RunCopy,
  filesOf: (stage: BuildStage) => FileSystem,
): Evidence[] {
  return step.mounts.flatMap((mount, index) => {
    const target = absolutePath(mount.target);
    if (mount.type !== 'bind' || mount.from === '' || !isWithin(source, target)) return [];
    const files = filesOf(step.command.sources[index]);
    const path = absolutePath(mount.source + source.slice(target.length));
    return files.look(path).flatMap((evidence) => {
      if (evidence.verdict !== 'violation' || evidence.tool === undefined) return [];
      const tool = { ...evidence.tool, path: absolutePath(destination) };
      return [{ ...evidence, tool, trace: [...files.trace, ...evidence.trace] }];
    });
  });
}

function commandsOf({ argv, instruction }: RunStep): (readonly string[])[] {
  if (instruction.command.form === 'exec') return [argv];
  const script = argv[argv.length - 1] ?? '';
  if (script.length > MAX_SCRIPT_LENGTH || !/\b(?:cp|install|ln|mv)\b/.test(script)) return [];
  return script.split(/&&|\|\||[;|\n]/).map(wordsOf);
}

function wordsOf(command: string): readonly string[] {
  try {
    return expandWords(command, NO_VARIABLES, { escape: '\\', keepUnset: true });
  } catch (error) {
    if (error instanceof RefusedDockerfile) return [];
    throw error;
  }
}

function copiesOfCommand(words: readonly string[]): RunCopy[] {
  const start = words.findIndex((word) => COPYING.has(posix.basename(word)));
  if (start < 0) return [];
  const operands = words.slice(start + 1).filter((word) => !word.startsWith('-'));
  const destination = operands.pop();
  if (destination === undefined || !destination.startsWith('/')) return [];
  return operands
    .filter((source) => source.startsWith('/') && recogniseName(source, 'elf') !== undefined)
    .map((source) => ({ source: posix.normalize(source), destination }));
}
