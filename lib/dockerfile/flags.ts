import { RefusedDockerfile } from './refusal';

/** What a flag takes: nothing or a boolean, one value, or one value each time that it is given. */
export type FlagKind = 'boolean' | 'string' | 'strings';

/** The flags that were given to an instruction. */
export class Flags {
  private readonly values = new Map<string, string[]>();

  /**
   * Reads the flags of an instruction.
   *
   * @throws RefusedDockerfile for a flag that is unknown, given twice, or has a value that it cannot have
   */
  public static parse(words: readonly string[], kinds: Readonly<Record<string, FlagKind>>): Flags {
    const flags = new Flags();
    for (const word of words) flags.add(word, kinds);
    return flags;
  }

  public string(name: string): string {
    return this.values.get(name)?.[0] ?? '';
  }

  public strings(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  /** Undefined when the flag was not given. */
  public boolean(name: string): boolean | undefined {
    const value = this.values.get(name)?.[0];
    return value === undefined ? undefined : value === 'true';
  }

  private add(word: string, kinds: Readonly<Record<string, FlagKind>>): void {
    const [, name, value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? ['', word];
    if (!Object.hasOwn(kinds, name)) throw new RefusedDockerfile(`unknown flag: --${name}`);
    const given = this.values.get(name);
    if (given === undefined) this.values.set(name, [checkedValue(name, value, kinds[name])]);
    else if (kinds[name] === 'strings') given.push(checkedValue(name, value, 'strings'));
    else throw new RefusedDockerfile(`duplicate flag specified: --${name}`);
  }
}

function checkedValue(name: string, value: string | undefined, kind: FlagKind): string {
  if (kind !== 'boolean') {
    if (value === undefined) throw new RefusedDockerfile(`missing a value on flag: --${name}`);
    return value;
  }
  if (value === undefined) return 'true';
  const lower = value.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower;
  throw new RefusedDockerfile(
    value === '' ? `missing a value on flag: --${name}` : `expecting boolean value for flag --${name}, not: ${value}`,
  );
}
