import { DistrolessBase } from '../../lib/bases/distroless-base';
import configSchema from '../../lib/cli/distroless.config.schema.json';
import { RULE_IDS } from '../../lib/policy/rule-ids';
import { runCommand } from './run-command';

describe('cdk-distroless bases', () => {
  test('lists every base that is offered by name', async () => {
    const { stdout } = await runCommand(['bases', '--format', 'json']);
    const { bases } = JSON.parse(stdout) as { bases: { name: string; reference: string }[] };
    const offered = Object.entries(DistrolessBase.all()).map(([name, { reference }]) => ({ name, reference }));
    expect(bases.map(({ name, reference }) => ({ name, reference }))).toEqual(offered);
    const { stdout: text } = await runCommand(['bases']);
    for (const { name, reference } of offered) expect(text).toMatch(new RegExp(`^${name} +${reference} `, 'm'));
  });

  test('narrows the list down to what has all words', async () => {
    const { stdout } = await runCommand(['bases', 'NodeJS', 'trixie', '--format', 'markdown']);
    const rows = stdout.split('\n').slice(2, -1);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatch(/nodejs.*trixie/);
  });

  test('fails when no base has the words', async () => {
    expect(await runCommand(['bases', 'cobol'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('cobol'),
    });
  });
});

describe('cdk-distroless explain', () => {
  test.each(RULE_IDS)('shows the page of %s', async (rule) => {
    const { exitCode, stdout } = await runCommand(['explain', rule]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^# ${rule}\\n`));
    expect((await runCommand(['explain', `Distroless::${rule}[web]`])).stdout).toBe(stdout);
  });

  test('lists every rule', async () => {
    const { stdout } = await runCommand(['explain']);
    for (const rule of RULE_IDS) expect(stdout).toMatch(new RegExp(`^${rule} +(error|warning) `, 'm'));
  });

  test('fails on a rule that there is not, with the one that was meant', async () => {
    expect((await runCommand(['explain', 'Shel'])).stderr).toContain('there is no rule Shel; did you mean Shell?');
  });
});

describe('the schema of the policy file', () => {
  test('knows the rules that there are', () => {
    expect(configSchema.definitions.rule.enum).toEqual([...RULE_IDS]);
  });
});
