import type { BuildArguments } from './build-arguments';
import type { EscapeToken } from './directives';
import { expandWord } from './expansion';
import type { CopyInstruction } from './instruction';
import type { NamedContexts } from './named-contexts';
import type { Platform } from './platform';
import { RefusedDockerfile, refusingAt } from './refusal';
import { isGitSource, isHttpSource } from './remote-source';
import type { Stage } from './stages';

const NAME = 'SOURCE_DATE_EPOCH';

/** What the check of SOURCE_DATE_EPOCH looks at. */
export interface EpochBuild {
  readonly globals: Map<string, string>;
  readonly given: BuildArguments;
  readonly stages: readonly Stage[];
  readonly contexts: NamedContexts;
  readonly platform: Platform;
  readonly escape: EscapeToken;
}

/**
 * SOURCE_DATE_EPOCH is a number, `context`, a named context, or a stage that does nothing but fetch something.
 *
 * @returns whether its value is only known when the image is built
 * @throws RefusedDockerfile for anything else
 */
export function checkSourceDateEpoch(build: EpochBuild): boolean {
  const value = build.given.get(NAME) ?? build.globals.get(NAME) ?? '';
  if (value === '' || /^[+-]?\d{1,18}$/.test(value)) return false;
  build.globals.delete(NAME);
  if (value === 'context' || build.contexts.find(value, build.platform) !== undefined) return true;
  const stage = build.stages.find(({ from }) => from.stage === value.toLowerCase());
  if (stage === undefined) throw new RefusedDockerfile(`invalid ${NAME}: ${value}`);
  refusingAt(
    () => stage.from.node.line.place(),
    () => checkFetchingStage(stage, build),
  );
  return true;
}

function checkFetchingStage(stage: Stage, { globals, given, escape }: EpochBuild): void {
  if (expandWord(stage.from.base, globals, { escape }) !== 'scratch') {
    throw new RefusedDockerfile(`${NAME} stage must use FROM scratch`);
  }
  const variables = new Map(globals);
  let fetched = 0;
  for (const instruction of stage.instructions) {
    if (instruction.kind === 'arg') {
      for (const { key, value } of instruction.args) {
        const set = given.get(key) ?? (value === undefined ? undefined : expandWord(value, variables, { escape }));
        if (set !== undefined) variables.set(key, set);
      }
    } else if (instruction.kind === 'add') {
      fetched++;
      checkFetch(instruction, (word) => expandWord(word, variables, { escape }));
    } else {
      throw new RefusedDockerfile(
        `${NAME} stage does not meet source-only requirements: unsupported ${instruction.node.keyword} instruction`,
      );
    }
  }
  if (fetched !== 1) throw new RefusedDockerfile(`${NAME} stage must contain exactly one remote ADD`);
}

function checkFetch(add: CopyInstruction, expand: (word: string) => string): void {
  if (add.documents.length > 0 || add.sources.length !== 1) {
    throw new RefusedDockerfile(`${NAME} stage must contain exactly one remote ADD source`);
  }
  const source = expand(add.sources[0]);
  if (!isHttpSource(source) && !isGitSource(source)) {
    throw new RefusedDockerfile(`${NAME} stage source must be a single HTTP(S) or Git ADD`);
  }
}
