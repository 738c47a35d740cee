import { isShellName } from '../layers/recognise/name-recogniser';

/** Programs that run the command which follows them. */
const WRAPPERS = new Set(
  'env tini tini-static dumb-init catatonit docker-init nohup setsid nice ionice timeout stdbuf chroot su-exec gosu setpriv sudo exec xargs watch'.split(
    ' ',
  ),
);

/** Package managers that people start programs with; they start a shell of their own to do so. */
const SCRIPT_RUNNERS = new Set(
  'npm npx npm-cli.js npx-cli.js yarn yarnpkg yarn.js pnpm pnpx pnpm.cjs corepack'.split(' '),
);

/** Whether a program runs the command that follows it. */
export function isWrapper(word: string): boolean {
  return WRAPPERS.has(baseName(word));
}

const WINDOWS_SHELLS = /^(cmd|powershell|pwsh)(\.exe)?$/i;

/** What the shell does with these, nobody does without it. */
const OPERATORS = new Set(['&&', '||', '|', ';', '&', '>', '>>', '<', '2>', '2>&1']);

/** A word that is one variable and nothing else. */
const VARIABLE = /^\$(\w+|\{\w+\})$/;

const SHELL_SCRIPT = /\.(sh|bash|ash|dash|zsh|ksh|fish)$/;

/**
 * Why a command cannot run without a shell; undefined when it can.
 *
 * @param argv the words in exec form
 * @param isArguments whether the words are the arguments of an entrypoint, so that a first word may be just that
 */
export function shellNeed(argv: readonly string[], isArguments = false): string | undefined {
  return startNeed(argv, isArguments) ?? wordNeed(argv);
}

function startNeed(argv: readonly string[], isArguments: boolean): string | undefined {
  const [first = '', ...rest] = argv;
  const name = baseName(first);
  if (isShell(first) && (!isArguments || first.includes('/') || rest.some((word) => /^-\w*c/.test(word)))) {
    return `starts the shell ${name}`;
  }
  const runner = scriptRunner(argv);
  if (runner !== undefined) return `starts ${runner}, which runs scripts in a shell`;
  if (isShellScript(name)) return `starts ${first}, a shell script`;
  if (WRAPPERS.has(name)) return wrappedNeed(name, rest);
  return /\s/.test(first) && argv.length === 1 ? 'is one string that only a shell would take apart' : undefined;
}

/** The words between a wrapper and its command are options, assignments, numbers and users; what needs a shell stands out. */
function wrappedNeed(wrapper: string, words: readonly string[]): string | undefined {
  const unpacked = wrapper === 'env' ? words.flatMap((word) => word.replace(/^-S/, '').split(/\s+/)) : words;
  const found = unpacked.find((word) => isShell(word) || SCRIPT_RUNNERS.has(baseName(word)) || isShellScript(word));
  return found === undefined ? undefined : `starts ${baseName(found)} by way of ${wrapper}`;
}

function wordNeed(argv: readonly string[]): string | undefined {
  const operator = argv.find((word) => OPERATORS.has(word));
  if (operator !== undefined) return `holds ${operator}, which only a shell understands`;
  const variable = argv.find((word) => VARIABLE.test(word));
  return variable === undefined ? undefined : `holds ${variable}, which only a shell replaces by its value`;
}

/** `node .../npm-cli.js start` is npm too. */
function scriptRunner([first = '', second = '']: readonly string[]): string | undefined {
  if (SCRIPT_RUNNERS.has(baseName(first))) return baseName(first);
  const isNode = /^node(js)?(\d+)?$/.test(baseName(first));
  return isNode && SCRIPT_RUNNERS.has(baseName(second)) ? baseName(second) : undefined;
}

function isShell(word: string): boolean {
  return isShellName(word) || WINDOWS_SHELLS.test(word.replace(/.*[\\/]/, ''));
}

function isShellScript(word: string): boolean {
  return SHELL_SCRIPT.test(word);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
