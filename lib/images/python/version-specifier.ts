/**
 * Whether a Python version satisfies what a project says of itself: PEP 440 (`>=3.11,<4`) and what Poetry writes (`^3.11`, `~3.11`).
 *
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export function admitsPython(specifier: string, minor: string): boolean {
  // Of the base only the minor version is known; whatever holds for its first or its last patch release holds for one of them.
  return [0, 999].some((patch) => admitsVersion(specifier, `${minor}.${patch}`));
}

/** Whether a version satisfies a specifier of these kinds. */
export function admitsVersion(specifier: string, version: string): boolean {
  const alternatives = specifier.split('||').map(clauses);
  return alternatives.some((all) => all.every((clause) => admits(clause, numbers(version))));
}

interface Clause {
  readonly operator: string;
  readonly version: readonly number[];
  readonly wildcard: boolean;
}

function clauses(text: string): Clause[] {
  return [...text.matchAll(/(===|==|~=|!=|<=|>=|<|>|\^|~|)\s*v?(\d+(?:\.\d+)*)(\.\*)?[^\s,]*/g)].map((match) => ({
    operator: match[1],
    version: numbers(match[2]),
    wildcard: match[3] !== undefined,
  }));
}

function admits({ operator, version, wildcard }: Clause, candidate: readonly number[]): boolean {
  const order = compare(candidate, version);
  const prefix = version.every((number, index) => candidate[index] === number);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '>':
      return order > 0 && !(wildcard && prefix);
    case '<=':
      return order <= 0 || (wildcard && prefix);
    case '<':
      return order < 0;
    case '!=':
      return wildcard ? !prefix : order !== 0;
    case '~=':
      return order >= 0 && samePrefix(candidate, version, version.length - 1);
    case '^':
      return order >= 0 && samePrefix(candidate, version, 1);
    case '~':
      return order >= 0 && samePrefix(candidate, version, Math.min(version.length, 2));
    default:
      return wildcard || version.length < 3 ? prefix : order === 0;
  }
}

function samePrefix(a: readonly number[], b: readonly number[], length: number): boolean {
  return a.slice(0, length).every((number, index) => number === b[index]);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return version.split('.').map(Number);
}
