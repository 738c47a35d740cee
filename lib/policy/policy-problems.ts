import { Assurance, RuleSeverity, type DistrolessPolicy, type PolicyException } from './distroless-policy';
import { RULE_IDS } from './rule-ids';

/** Something in a policy that is not in order. */
export interface PolicyProblem {
  /** Where, from the top of the policy: `['exceptions', 0, 'expires']`. */
  readonly path: ReadonlyArray<string | number>;
  readonly message: string;
}

const ASSURANCES: readonly string[] = Object.values(Assurance);
const SEVERITIES: readonly string[] = Object.values(RuleSeverity);
const RULES: readonly string[] = RULE_IDS;

/** Everything in a policy that is not in order. Types are the caller's concern; values are looked at here. */
export function policyProblems(policy: DistrolessPolicy): readonly PolicyProblem[] {
  return [
    ...listProblems(policy.approvedBases, ['approvedBases']),
    ...(policy.exceptions ?? []).flatMap((exception, index) => exceptionProblems(exception, ['exceptions', index])),
    ...choiceProblems(policy.assurance, ASSURANCES, ['assurance']),
    ...mirrorProblems(policy.mirrors ?? {}),
    ...severityProblems(policy.severities ?? {}),
  ];
}

function exceptionProblems(exception: PolicyException, path: PolicyProblem['path']): readonly PolicyProblem[] {
  return [
    ...listProblems(exception.patterns, [...path, 'patterns']),
    ...(exception.rules ?? []).flatMap((rule, index) => choiceProblems(rule, RULES, [...path, 'rules', index])),
    ...(isBlank(exception.reason)
      ? [{ path: [...path, 'reason'], message: 'a reason is needed, for whoever reads it next' }]
      : []),
    ...(isDate(exception.expires) ? [] : [{ path: [...path, 'expires'], message: dateMessage(exception.expires) }]),
  ];
}

function listProblems(patterns: readonly string[] | undefined, path: PolicyProblem['path']): readonly PolicyProblem[] {
  if (patterns === undefined) return [];
  if (patterns.length === 0) return [{ path, message: 'is empty, so that nothing fits it; name at least one pattern' }];
  return patterns.flatMap((pattern, index) =>
    isBlank(pattern)
      ? [{ path: [...path, index], message: 'is blank; write a pattern such as gcr.io/distroless/*' }]
      : [],
  );
}

function choiceProblems(
  value: string | undefined,
  choices: readonly string[],
  path: PolicyProblem['path'],
): readonly PolicyProblem[] {
  if (value === undefined || choices.includes(value)) return [];
  return [{ path, message: `'${value}' is none of ${choices.join(', ')}` }];
}

function severityProblems(severities: { readonly [rule: string]: string }): readonly PolicyProblem[] {
  return Object.entries(severities).flatMap(([rule, severity]) => [
    ...choiceProblems(rule, RULES, ['severities']),
    ...choiceProblems(severity, SEVERITIES, ['severities', rule]),
  ]);
}

function mirrorProblems(mirrors: { readonly [upstream: string]: string }): readonly PolicyProblem[] {
  const prefixes = Object.values(mirrors).map((mirror) => mirror.replace(/\/+$/, ''));
  return Object.entries(mirrors).flatMap(([upstream, mirror], index) => {
    const path = ['mirrors', upstream];
    if (!/^[^/]*[.:][^/]*(\/.*)?$/.test(upstream)) {
      return [{ path, message: 'does not start with a registry; write it in full, such as docker.io/library' }];
    }
    if (/:\/\//.test(mirror) || isBlank(mirror)) {
      return [
        {
          path,
          message: `'${mirror}' is not a registry path; write it without a scheme, such as registry.example.com/mirror`,
        },
      ];
    }
    const first = prefixes.indexOf(prefixes[index]);
    return first === index
      ? []
      : [{ path, message: `'${mirror}' is the mirror of ${Object.keys(mirrors)[first]} already` }];
  });
}

function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}

/** A day that exists: 2026-02-30 does not. */
function isDate(text: string | undefined): boolean {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function dateMessage(text: string | undefined): string {
  return text === undefined
    ? 'a date is needed, such as 2027-01-31'
    : `'${text}' is not a date; write it as 2027-01-31`;
}
