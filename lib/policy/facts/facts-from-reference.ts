import type { BaseVerdict } from '../../bases/base-verdict';
import { recognise, type RecogniseOptions } from '../../bases/recognise';
import { tryParseReference } from '../../bases/reference';
import type { CommandLine } from '../../dockerfile/analysis';
import type { ConfigFact, ImageFacts, Trace } from '../image-facts';

/** The facts of an image that is run as it is, as far as its reference tells them. */
export function factsFromReference(reference: string, options: RecogniseOptions = {}): ImageFacts {
  const verdict = recognise(reference, options);
  return {
    subject: reference,
    proof: 'reference',
    base: baseFact(verdict, []),
    shells: [],
    packageManagers: [],
    unproven: [],
    user: inherited(verdict.user, []),
    entrypoint: inheritedCommand(verdict.entrypoint, []),
  };
}

/** What a verdict says of a base, and on which lines it is named. */
export function baseFact(verdict: BaseVerdict, trace: Trace): NonNullable<ImageFacts['base']> {
  const digest = tryParseReference(verdict.reference)?.digest;
  return { reference: verdict.reference, digest, verdict, trace };
}

/** A fact that comes with the base. */
export function inherited<T>(value: T | undefined, trace: Trace): ConfigFact<T> | undefined {
  return value === undefined ? undefined : { value, trace, inherited: true };
}

/** A command that comes with the base; those of images are in exec form, whatever the Dockerfile had. */
export function inheritedCommand(
  argv: readonly string[] | undefined,
  trace: Trace,
): ConfigFact<CommandLine> | undefined {
  return inherited(argv && { argv, form: 'exec' }, trace);
}
