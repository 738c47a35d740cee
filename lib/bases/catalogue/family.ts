import type { BaseVerdict } from '../base-verdict';

/** What is said of an image when a rule applies. */
export interface Statement {
  readonly kind: BaseVerdict['kind'];
  /** In words, for people; completes "... is not acceptable because it ...". */
  readonly reason: string;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  /** What to use instead. */
  readonly replacement?: string;
  /** ISO date of the last security update. */
  readonly endOfLife?: string;
}

/** What certain tags of a repository mean. */
export interface TagRule extends Statement {
  /** Words that mark the variant, where a tag is split at its dashes. */
  readonly tokens?: readonly string[];
  /** Where words do not do. */
  readonly pattern?: RegExp;
  readonly debugVariant?: boolean;
}

/** What differs in one repository of several that a rule is about. */
export type RepositoryDetails = Partial<Statement>;

/** What is known of some repositories. */
export interface RepositoryRule extends Statement {
  /** Over the full name without tag: `docker.io/library/alpine`; always the whole of it. */
  readonly name: RegExp;
  /** The first that fits overrides what the rule says of all tags. */
  readonly tags?: readonly TagRule[];
  /** The user of tags that hold a word: `{ nonroot: '65532' }`. */
  readonly users?: Readonly<Record<string, string>>;
  /** By the last part of the name. */
  readonly repositories?: Readonly<Record<string, RepositoryDetails>>;
}

/** Images that are made and named by one hand. */
export interface Family {
  readonly name: string;
  readonly vendor: string;
  /** Whether the images can be pulled without paying; the reason or limit in words where it is not that simple. */
  readonly freeToPull: boolean | string;
  /** How a variant with a shell is told from one without, for people. */
  readonly shellMarker: string;
  /** Where the facts were read. */
  readonly sources: readonly string[];
  /** The first that fits speaks for a name. */
  readonly rules: readonly RepositoryRule[];
}

/** A name expression: one of several repositories under a prefix, which is an expression itself. */
export function repositories(prefix: string, names: readonly string[]): RegExp {
  return new RegExp(`^${prefix}(?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`);
}

/** Splits a list that is written as words. */
export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
