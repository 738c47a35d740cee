import type { ImageFacts, Trace } from './image-facts';
import type { ImageUse } from './image-use';
import type { Policy } from './policy';

/** What a rule looks at. */
export interface Subject {
  /** Rules look at the origin, the type of the resource, the role and the settings: uses that share these are judged alike. */
  readonly use: ImageUse;
  readonly facts: ImageFacts;
  readonly policy: Policy;
  /** ISO date. */
  readonly today: string;
}

/** What a rule objects to. */
export interface Violation {
  /** One line, in the user's terms, lower case, without a final period. */
  readonly message: string;
  readonly trace: Trace;
  /** What to do, as a command to the reader. */
  readonly fix: string;
}

/** Looks at the facts of one image use and says what is wrong. Has no say in what comes of it. */
export interface Rule {
  /** What people type, without the namespace: `Shell`. Its page has the same name in kebab case. */
  readonly id: string;
  /** When it fails, as the rest of a sentence that begins "fails when ...". */
  readonly failsWhen: string;
  readonly defaultSeverity: 'error' | 'warning';
  check(subject: Subject): readonly Violation[];
}
