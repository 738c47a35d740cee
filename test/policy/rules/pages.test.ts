import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { factsFromReference } from '../../../lib/policy/facts/facts-from-reference';
import type { ImageFacts } from '../../../lib/policy/image-facts';
import type { ImageUse } from '../../../lib/policy/image-use';
import type { DistrolessPolicy } from '../../../lib/policy/distroless-policy';
import { RULE_IDS, type RuleId } from '../../../lib/policy/rule-ids';
import { ruleIndex } from '../../../lib/policy/rule-index';
import { RULES } from '../../../lib/policy/rules';
import { pageName } from '../../../lib/policy/page-name';
import { describedRules, rulePage, tryFindRule } from '../../../lib/policy/sources/rule-pages';
import { findingText } from '../../../lib/report/text';
import { built, FILE, findingsOf, GOOD_FACTS, useWith, withTool } from '../samples';

const LIB = join(__dirname, '../../../lib/policy/rules');
const HEX = '0123456789abcdef'.repeat(4);

interface Sample {
  readonly use?: ImageUse;
  readonly facts: ImageFacts;
  readonly policy?: DistrolessPolicy;
}

/** What each page shows the output of. */
const SAMPLES: Readonly<Record<RuleId, Sample>> = {
  NonDistrolessBase: { facts: built('FROM node:24-slim\nCOPY . .\n') },
  Shell: { facts: withTool({}) },
  PackageManager: {
    facts: withTool(
      {
        kind: 'npm',
        path: '/usr/local/bin/npm',
        trace: [{ file: FILE, line: 7, text: 'COPY --from=build /usr/local /usr/local' }],
      },
      'packageManagers',
    ),
  },
  DebugVariant: { facts: built('FROM gcr.io/distroless/nodejs24-debian13:debug-nonroot\n') },
  Unproven: { facts: built(`FROM gcr.io/distroless/base-debian13@sha256:${HEX}\n`) },
  ShellCommand: {
    use: useWith({ healthCheck: ['CMD-SHELL', 'curl -f http://localhost:8080/'] }),
    facts: GOOD_FACTS,
  },
  DoubledEntrypoint: { facts: built('FROM gcr.io/distroless/nodejs24-debian13:nonroot\nCMD ["node", "server.js"]\n') },
  PlatformMismatch: { facts: { ...GOOD_FACTS, platform: 'linux/arm64' } },
  RootUser: { use: useWith({ user: undefined }), facts: built('FROM gcr.io/distroless/static-debian13\n') },
  EndOfLifeBase: { facts: built('FROM gcr.io/distroless/nodejs20-debian12:nonroot\n') },
  ExpiredException: {
    facts: GOOD_FACTS,
    use: useWith({}, { origin: { kind: 'reference', reference: 'x' }, constructPath: 'services/legacy/a' }),
    policy: {
      exceptions: [
        { patterns: ['services/legacy/**'], reason: 'moves to distroless with INFRA-1234', expires: '2026-10-31' },
      ],
    },
  },
  WritableRoot: { use: useWith({ readonlyRootFilesystem: undefined }), facts: GOOD_FACTS },
  UnpinnedBase: { facts: built('FROM gcr.io/distroless/static-debian13:nonroot\n') },
  ExecuteCommand: { use: useWith({ executeCommand: true }), facts: GOOD_FACTS },
};

function outputOf(id: RuleId): string {
  const { use = useWith(), facts, policy } = SAMPLES[id];
  const findings = findingsOf(use, facts, policy).filter((finding) => finding.rule === id);
  return findings.map((finding) => findingText(finding)).join('\n');
}

describe('the page of each rule', () => {
  test.each(RULE_IDS)('%s shows the output as it is printed', (id) => {
    expect(rulePage(tryFindRule(id)!)).toContain(`\`\`\`text\n${outputOf(id)}\n\`\`\``);
  });

  test.each(RULE_IDS)('%s has the headings, a bad and a good example, and the exact id to acknowledge', (id) => {
    const page = rulePage(tryFindRule(id)!);
    const headings = page.match(/^#+ .*/gm);
    expect(headings).toEqual([`# ${id}`, '## Output', '## Description', '## Examples', '## Exceptions']);
    expect(page).toMatch(/^❌ Bad: /m);
    expect(page).toMatch(/^✅ Good: /m);
    expect(page).toContain(`id: 'Distroless::${id}[web]'`);
  });
});

describe('the rules', () => {
  test('are those of the list, in its order', () => {
    expect(RULES.map(({ id }) => id)).toEqual([...RULE_IDS]);
  });

  test('have one file, one page and one spec each', () => {
    const expected = RULE_IDS.map(pageName).toSorted();
    const named = (directory: string, ending: RegExp) =>
      readdirSync(directory)
        .filter((name) => ending.test(name) && !name.endsWith('.d.ts'))
        .map((name) => name.replace(ending, ''))
        .toSorted();
    expect(named(LIB, /\.ts$/)).toEqual(expected);
    expect(named(LIB, /\.md$/).filter((name) => name !== 'README')).toEqual(expected);
    expect(named(__dirname, /\.test\.ts$/).filter((name) => name !== 'pages')).toEqual(expected);
  });

  test('are listed in the index, which is made from them', () => {
    expect(readFileSync(join(LIB, 'README.md'), 'utf8')).toContain(`\n${ruleIndex('.')}\n`);
  });

  test('are described by a sentence each', () => {
    for (const { summary } of describedRules()) expect(summary).toMatch(/^Fails when [a-zA-Z].*[^.]\.$/s);
  });

  test.each(['Shell', 'shell', 'Distroless::Shell', 'Distroless::Shell[web]', 'SHELL'])('%s finds a rule', (id) => {
    expect(tryFindRule(id)?.id).toBe('Shell');
  });

  test('non-distroless-base finds a rule by the name of its page', () => {
    expect(tryFindRule('non-distroless-base')?.id).toBe('NonDistrolessBase');
    expect(tryFindRule('Shel')).toBeUndefined();
  });

  test('say nothing of what they cannot name', () => {
    const facts = factsFromReference('gcr.io/distroless/static-debian13:nonroot');
    expect(findingsOf(useWith(), facts).map(({ rule }) => rule)).toEqual(['UnpinnedBase']);
  });
});
