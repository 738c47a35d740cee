import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageName } from '../page-name';
import type { Rule } from '../rule';
import type { RuleDescription } from '../rule-description';
import { RULES } from '../rules';

const DIRECTORY = join(__dirname, '..', 'rules');

/** The page of a rule, in Markdown. */
export function rulePage(rule: Rule): string {
  return readFileSync(join(DIRECTORY, `${pageName(rule.id)}.md`), 'utf8');
}

/** Every rule with its page, in the order of the index. */
export function describedRules(): readonly RuleDescription[] {
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
