import type { IConstruct } from 'constructs';
import type { Mirrors } from '../bases/mirrors';

/**
 * Context key under which an app says where images are mirrored: an object of prefix and what takes its place.
 *
 * `{ "gcr.io/distroless": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/distroless" }`, in `cdk.json` or with `--context` as JSON.
 */
export const MIRRORS_CONTEXT_KEY = 'cdk-distroless:mirrors';

/** The mirrors that a construct declares, or else those of its app. */
export function mirrorsOf(scope: IConstruct, props: { readonly mirrors?: Mirrors }): Mirrors {
  return props.mirrors ?? contextMirrors(scope);
}

function contextMirrors(scope: IConstruct): Mirrors {
  const given: unknown = scope.node.tryGetContext(MIRRORS_CONTEXT_KEY);
  const value: unknown = typeof given === 'string' ? tryParse(given) : given;
  if (value === undefined) return {};
  if (!isMirrors(value)) {
    throw new Error(
      `context ${MIRRORS_CONTEXT_KEY}: ${JSON.stringify(given)}: not an object of strings; give ` +
        '{ "gcr.io/distroless": "registry.example.com/distroless" }',
    );
  }
  return value;
}

/** `cdk synth --context key=value` hands over text. */
function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isMirrors(value: unknown): value is Mirrors {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((mirror) => typeof mirror === 'string' && mirror !== '');
}
