import { singleOperand, defineCommand, type Command } from '../command';
import { loadCommands } from '../commands';
import { bashCompletion, fishCompletion, zshCompletion } from '../completion';
import { ExitCode } from '../exit-code';
import { suggestion, UsageError } from '../usage-error';

const SHELLS: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints a completion script. */
export const completion = defineCommand({
  name: 'completion',
  summary: 'print a completion script for your shell',
  operands: Object.keys(SHELLS).join('|'),
  description: 'Prints a script that completes commands, flags, rules and file names in your own shell.',
  flags: {},
  examples: [
    {
      line: 'completion bash > ~/.local/share/bash-completion/completions/cdk-distroless',
      does: 'install it for bash',
    },
    { line: 'completion zsh > "${fpath[1]}/_cdk-distroless"', does: 'install it for zsh' },
    { line: 'completion fish > ~/.config/fish/completions/cdk-distroless.fish', does: 'install it for fish' },
  ],
  words: () => Object.keys(SHELLS),
  run: (operands, _, { terminal }) => {
    const shell = singleOperand(operands, 'shell');
    if (shell === undefined || !Object.hasOwn(SHELLS, shell)) {
      const names = Object.keys(SHELLS);
      throw new UsageError(`name a shell: ${names.join(', ')}${shell === undefined ? '' : suggestion(shell, names)}`);
    }
    terminal.print(SHELLS[shell](loadCommands()));
    return ExitCode.COMPLIANT;
  },
});
