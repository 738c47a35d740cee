import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCommands } from '../../lib/cli/commands';
import { runCommand } from './run-command';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const [INSTALLED, MISSING] = [true, false].map((wanted) => {
  return SHELLS.filter((shell) => (spawnSync(shell, ['--version']).status === 0) === wanted);
});

async function scriptFor(shell: Shell): Promise<string> {
  return (await runCommand(['completion', shell])).stdout;
}

/** What a shell, with the script loaded, offers for a line that ends where the cursor is. */
const OFFERS: Readonly<Record<Shell, (script: string, line: string) => string[]>> = {
  bash(script, line) {
    const words = line.split(' ');
    const call = `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _cdk_distroless; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf('bash', ['-c', `${script}\n${call}`]);
  },
  zsh(script, line) {
    return inFile(script, (path) => linesOf('zsh', ['-f', '-c', ZSH_SESSION, 'zsh', path, line]));
  },
  fish(script, line) {
    const offered = linesOf('fish', ['--no-config', '-c', `${script}\ncomplete -C ${JSON.stringify(line)}`]);
    return offered.map((each) => each.split('\t')[0]);
  },
};

/** Zsh completes only in a terminal: one with the script sourced is given the line and a tab, and asked what the line is now. */
const ZSH_SESSION = `
  zmodload zsh/zpty
  zpty session zsh -f -i
  zpty -w session "autoload -Uz compinit; compinit -u -D; source $1; bindkey '^I' complete-word"
  zpty -w session 'show() { print -r -- "[" "[$BUFFER]" "]" }; zle -N show; bindkey "^T" show'
  zpty -w session 'print "rea""dy"'
  zpty -r -m session greeting '*ready*'
  zpty -n -w session "$2"$'\\t\\x14'
  zpty -r -m session answer '*\\[ \\[*\\] \\]*'
  print -r -- "\${\${answer##*\\[ \\[}%%\\] \\]*}"
  zpty -d session
`;

function inFile<T>(text: string, use: (path: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'completion-'));
  try {
    writeFileSync(join(directory, 'script'), text);
    return use(join(directory, 'script'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function linesOf(command: string, args: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 30_000 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.trim().split('\n');
}

describe('cdk-distroless completion', () => {
  test.each(SHELLS)('knows every command and flag for %s', async (shell) => {
    const script = await scriptFor(shell);
    for (const { name, flags } of loadCommands()) {
      expect(script).toContain(name);
      for (const flag of Object.keys(flags))
        expect(script).toMatch(new RegExp(shell === 'fish' ? `-l ${flag}\\b` : `--${flag}\\b`));
    }
  });

  test.each(INSTALLED)('is a script that %s takes', async (shell) => {
    const script = await scriptFor(shell);
    inFile(script, (path) => expect(linesOf(shell, ['-n', path])).toEqual(['']));
  });

  test.each<[Shell, string, string]>(
    INSTALLED.flatMap((shell) => [
      [shell, 'cdk-distroless ins', 'inspect'],
      [shell, 'cdk-distroless explain ShellC', 'ShellCommand'],
      [shell, 'cdk-distroless check --format sa', 'sarif'],
      [shell, 'cdk-distroless check --str', '--strict'],
    ]),
  )('has %s complete %j to %s', async (shell, line, expected) => {
    const offers = OFFERS[shell](await scriptFor(shell), line);
    expect(offers.map((offer) => offer.trim().split(' ').pop())).toEqual([expected]);
  });

  test('offers in bash all that a line may become', async () => {
    const offers = OFFERS.bash(await scriptFor('bash'), 'cdk-distroless explain Sh');
    expect(offers).toEqual(['Shell', 'ShellCommand']);
  });

  (MISSING.length > 0 ? test.skip : test)(
    `is tried in every shell; not installed: ${MISSING.join(', ') || 'none'}`,
    () => {
      expect(INSTALLED).toEqual(SHELLS);
    },
  );

  test('fails on a shell that it does not know', async () => {
    expect(await runCommand(['completion', 'tcsh'])).toMatchObject({ exitCode: 2 });
  });
});
