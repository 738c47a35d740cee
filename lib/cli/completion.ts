import type { Command, Flags } from './command';
import { COMMON_FLAGS } from './help';

/** The completion script for bash 4 and newer. */
export function bashCompletion(commands: readonly Command[]): string {
  const cases = commands.map(({ name, flags, words }) =>
    [
      `    ${name})`,
      `      flags="${flagNames(flags).join(' ')}"`,
      `      words="${(words?.() ?? []).join(' ')}"`,
      '      ;;',
    ].join('\n'),
  );
  const choices = choiceLines(
    commands,
    (flag, values) => `    --${flag}) COMPREPLY=($(compgen -W "${values}" -- "$word")); return ;;`,
  );
  return `# bash completion for cdk-distroless
_cdk_distroless() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" flags="" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} --help --version" -- "$word"))
    return
  fi
  case "$before" in
${choices.join('\n')}
  esac
  case "$command" in
${cases.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
  esac
}
complete -o default -F _cdk_distroless cdk-distroless
`;
}

/** The completion script for zsh. */
export function zshCompletion(commands: readonly Command[]): string {
  const list = commands.map(({ name, summary }) => `    '${name}:${zshQuoted(summary)}'`);
  const cases = commands.map(({ name, flags, words }) => {
    const specs = Object.entries(allFlags(flags)).map(([flag, { description, value, choices, multiple }]) => {
      const argument = value === undefined ? '' : `:${value}:${choices ? `(${choices.join(' ')})` : '_files'}`;
      return `'${multiple ? '*' : ''}--${flag}[${zshQuoted(description)}]${argument}'`;
    });
    const operand = words ? `'*:word:(${words().join(' ')})'` : "'*:file:_files'";
    return `    ${name}) _arguments ${[...specs, operand].join(' ')} ;;`;
  });
  return `#compdef cdk-distroless
_cdk_distroless() {
  local -a commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
# As a file among zsh's functions it is called where it completes; sourced, it has to say what it is for.
if [[ "$funcstack[1]" == _cdk[-_]distroless ]]; then
  _cdk_distroless "$@"
else
  compdef _cdk_distroless cdk-distroless
fi
`;
}

/** The completion script for fish. */
export function fishCompletion(commands: readonly Command[]): string {
  const complete = 'complete -c cdk-distroless';
  const lines = commands.flatMap(({ name, summary, flags, words }) => {
    const inCommand = `${complete} -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `${complete} -n __fish_use_subcommand -f -a ${name} -d '${fishQuoted(summary)}'`,
      ...Object.entries(allFlags(flags)).map(([flag, { description, value, choices }]) => {
        const argument = value === undefined ? '' : choices ? ` -x -a '${choices.join(' ')}'` : ' -r';
        return `${inCommand} -l ${flag}${argument} -d '${fishQuoted(description)}'`;
      }),
      ...(words ? [`${inCommand} -f -a '${words().join(' ')}'`] : []),
    ];
  });
  return ['# fish completion for cdk-distroless', ...lines, ''].join('\n');
}

function allFlags(flags: Flags): Flags {
  return { ...flags, ...COMMON_FLAGS };
}

function flagNames(flags: Flags): string[] {
  return Object.keys(allFlags(flags)).map((name) => `--${name}`);
}

/** Bash completes a flag's values wherever it stands, so that the choices of all commands are put together. */
function choiceLines(commands: readonly Command[], line: (flag: string, values: string) => string): string[] {
  const choices = new Map<string, Set<string>>();
  for (const [flag, { choices: values }] of commands.flatMap(({ flags }) => Object.entries(flags))) {
    if (values) choices.set(flag, new Set([...(choices.get(flag) ?? []), ...values]));
  }
  return [...choices].map(([flag, values]) => line(flag, [...values].join(' ')));
}

function zshQuoted(text: string): string {
  return text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');
}

function fishQuoted(text: string): string {
  return text.replace(/['\\]/g, '\\$&');
}
