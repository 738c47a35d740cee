/** What a registry demands in `WWW-Authenticate`. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** RFC 9110, section 11.6.1: a scheme, or a parameter whose value is a token or a quoted string. */
const PART = /\s*(?:([!#$%&'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|([!#$%&'*+.^_`|~\w-]+))\s*,?/y;

/**
 * Parses a `WWW-Authenticate` header, which may hold several challenges.
 *
 * What does not parse ends the list: a registry that sends rubbish has sent no challenge that could be answered.
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  PART.lastIndex = 0;
  for (let match = PART.exec(header); match !== null; match = PART.exec(header)) {
    const [, name, quoted, token, scheme] = match;
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (challenges.length === 0) return [];
    else challenges[challenges.length - 1].parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? token;
  }
  return challenges;
}
