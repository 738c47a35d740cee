import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../readme/markdown';
import type { Sandbox, Step } from './sandbox';

const CDK = join(ROOT, 'node_modules/.bin/cdk');

/** What a team does that gets the template of the example platform; it works in `team`, and the platform publishes to `published`. */
export function platformSteps(published: Sandbox, team: Sandbox): Step[] {
  const templates = join(published.folder, 'templates');
  const publish = (): void => {
    execFileSync('npm', ['run', '--silent', 'example:publish', '--', published.folder], { cwd: ROOT, stdio: 'pipe' });
  };
  const init = ['init', '--unstable=init', '--generate-only', '--from-path', templates, '--template-path', 'service'];
  return [
    ['the example platform publishes its package and its template', publish],
    ['cdk init makes a project of the template', () => void team.succeed(CDK, ...init)],
    ['the project is installed from its lockfile', () => void team.succeed('npm', 'ci', '--no-audit', '--no-fund')],
    ['the project compiles', () => void team.succeed('npm', 'run', 'build')],
    ['the project synthesizes, and nothing is found or left to say', () => synthesizeInSilence(team)],
    ['the project cannot loosen the policy of the platform', () => refuseLooserPolicy(team)],
  ];
}

function synthesizeInSilence(team: Sandbox): void {
  const printed = team.succeed('npx', 'cdk', 'synth', '--quiet');
  const said = printed.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('npm warn'));
  if (said.length > 0) throw new Error(`cdk synth said\n${said.join('\n')}`);
}

function refuseLooserPolicy(team: Sandbox): void {
  team.append('services.yaml', 'policy:\n  severities: { Shell: off }\n');
  const why = "policy.severities.Shell: 'off' is looser than the platform's 'error'";
  team.fail(why, 'npx', 'cdk', 'synth', '--quiet');
}
