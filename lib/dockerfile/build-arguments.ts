import type { EscapeToken } from './directives';
import { expandWord } from './expansion';
import type { ArgInstruction } from './instruction';
import type { Platform } from './platform';
import { DEFAULT_PLATFORM, formatFullPlatform } from './platform';
import { refusingAt } from './refusal';

/** The arguments that `--build-arg` gave, under their names. */
export type BuildArguments = ReadonlyMap<string, string>;

/** The arguments that exist without being declared; each can be given by `--build-arg`. */
export function predefinedArguments(platform: Platform, target: string, given: BuildArguments): Map<string, string> {
  const predefined = [
    ...platformArguments('BUILD', DEFAULT_PLATFORM),
    ...platformArguments('TARGET', platform),
    ['TARGETSTAGE', target === '' ? 'default' : target] as const,
  ];
  return new Map(predefined.map(([name, value]) => [name, given.get(name) ?? value]));
}

function platformArguments(prefix: string, platform: Platform): (readonly [string, string])[] {
  return [
    [`${prefix}PLATFORM`, formatFullPlatform(platform)],
    [`${prefix}OS`, platform.os],
    [`${prefix}OSVERSION`, platform.osVersion],
    [`${prefix}ARCH`, platform.arch],
    [`${prefix}VARIANT`, platform.variant],
  ];
}

/**
 * Declares the arguments that stand before the first FROM: what is given counts as it is, a default is expanded with what is
 * known so far, and an argument without either keeps the value it has.
 */
export function declareGlobals(
  globals: Map<string, string>,
  declarations: readonly ArgInstruction[],
  given: BuildArguments,
  escape: EscapeToken,
): void {
  for (const { node, args } of declarations) {
    for (const { key, value } of args) {
      const expanded = (): string | undefined =>
        given.get(key) ?? (value === undefined ? undefined : expandWord(value, globals, { escape }));
      const result = refusingAt(() => node.line.place(), expanded);
      if (result !== undefined) globals.set(key, result);
    }
  }
}
