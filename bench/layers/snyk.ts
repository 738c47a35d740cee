import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURES } from '../../test/layers/fixtures/debian-packages';

/** The only other package of npm that looks into the layers of image archives; without the override, npm does not find all it needs. */
const PACKAGE = {
  private: true,
  dependencies: { 'snyk-docker-plugin': '9.20.2' },
  overrides: { shescape: '2.1.12' },
};

const SCAN = `
require('snyk-docker-plugin').scan({ path: process.argv[2] }).then(
  ({ scanResults }) => {
    if (scanResults.length === 0) throw new Error('nothing was found');
    process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
  },
).catch(
  (error) => { console.error(error); process.exit(1); },
);
`;

export type ArchiveKind = 'docker-archive' | 'oci-archive';

/**
 * The command that lets snyk-docker-plugin scan an archive. Installs the package when it is first asked for.
 *
 * @returns undefined where it cannot be installed
 */
export function snykScan(kind: ArchiveKind, path: string): string[] | undefined {
  const directory = join(FIXTURES, 'bench', 'snyk');
  const script = join(directory, 'scan.js');
  if (!existsSync(script) && !install(directory, script)) return undefined;
  return [process.execPath, script, `${kind}:${path}`];
}

/** The script comes last: where it is, all is there. */
function install(directory: string, script: string): boolean {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify(PACKAGE));
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
  const { status } = spawnSync('npm', ['install', ...options], { cwd: directory, stdio: 'ignore' });
  if (status === 0) writeFileSync(script, SCAN);
  return status === 0;
}
