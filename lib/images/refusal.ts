import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Refuses a wrong prop, in words that name the construct, the prop, the value seen and the change to make.
 *
 * A plain `Error`: CDK's own `ValidationError` is internal, and changed shape between releases.
 */
export class Refusals {
  public constructor(private readonly scope: IConstruct) {}

  /** Throws. `problem` and `change` continue the sentence: `main 'x.js': <problem>; <change>`. */
  public refuse(prop: string, seen: unknown, problem: string, change: string): never {
    const value = seen === undefined ? '' : ` ${render(seen)}`;
    throw new Error(`${this.scope.node.path}: ${prop}${value}: ${problem}; ${change}`);
  }

  /** Throws when a prop, or anything in it, is only known at deployment. Images are built before that. */
  public refuseTokens(props: object): void {
    for (const [prop, value] of Object.entries(props)) {
      if (isPlain(value) && Token.isUnresolved(value)) this.refuseToken(prop);
      if (isPlain(value)) this.refuseTokensIn(prop, value);
    }
  }

  private refuseTokensIn(prop: string, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
      if (Token.isUnresolved(key) || Token.isUnresolved(inner)) this.refuseToken(`${prop}.${printable(key)}`);
    }
  }

  private refuseToken(prop: string): never {
    this.refuse(
      prop,
      undefined,
      'the value is a token, which is only known at deployment, and the image is built before',
      'give a value that is known at synthesis, or hand it to the container as an environment variable',
    );
  }
}

/** Constructs and enum-like classes (bases, platforms) hold no tokens, and walking them would be endless. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return Array.isArray(value) || prototype === Object.prototype || prototype === null || Token.isUnresolved(value);
}

function printable(key: string): string {
  return Token.isUnresolved(key) ? '<token>' : key;
}

function render(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
