import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../rule';
import { RULES } from '../rules';

/** What is told of a rule: its metadata and its page. */
export interface DescribedRule {
  /** The id without the namespace: `Shell`. */
  readonly id: string;
  /** What makes it fail, in one sentence. */
  readonly summary: string;
  readonly defaultSeverity: 'error' | 'warning';
  /** Its page, in Markdown. */
  readonly page: string;
}

const DIRECTORY = join(__dirname, '..', 'rules');

/** The page of a rule, in Markdown. */
export function rulePage(rule: Rule): string {
  return readFileSync(join(DIRECTORY, `${pageName(rule.id)}.md`), 'utf8');
}

/** Every rule with its page, in the order of the index. */
export function describedRules(): readonly DescribedRule[] {
  return RULES.map((rule) => ({
    id: rule.id,
    summary: `Fails when ${rule.failsWhen}.`,
    defaultSeverity: rule.defaultSeverity,
    page: rulePage(rule),
  }));
}

/** The rule of an id, in any case and with or without the namespace and the container: `distroless::shell[web]`. */
export function tryFindRule(id: string): Rule | undefined {
  const wanted = id
    .replace(/^distroless(-check)?::/i, '')
    .replace(/\[.*$/s, '')
    .toLowerCase();
  return RULES.find((rule) => rule.id.toLowerCase() === wanted || pageName(rule.id) === wanted);
}

/** `NonDistrolessBase` has its page in `non-distroless-base.md`. */
export function pageName(id: string): string {
  return id.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
