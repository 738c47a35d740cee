import type { Heredoc } from './heredoc';
import type { LogicalLine } from './logical-lines';

/** One instruction as the parser leaves it: cut into words by the rules of its keyword, not yet understood. */
export interface InstructionNode {
  /** As written. */
  readonly keyword: string;
  /** In lower case. */
  readonly name: string;
  readonly flags: readonly string[];
  /** ENV and LABEL give key, value and separator in turn. */
  readonly args: readonly string[];
  /** Whether the arguments were a JSON array of strings. */
  readonly json: boolean;
  readonly heredocs: readonly Heredoc[];
  /** What an ONBUILD holds back. */
  readonly trigger?: InstructionNode;
  readonly line: LogicalLine;
  /** Where the arguments begin in the line. */
  readonly argsOffset: number;
}

/** Where words that follow each other stand in the line; each is searched behind the one before, so that the line is read once. */
export function offsetsOfWords({ line, argsOffset }: InstructionNode, words: readonly string[]): number[] {
  let from = argsOffset;
  return words.map((word) => {
    const offset = line.text.indexOf(word, from);
    if (offset < 0) return argsOffset;
    from = offset + word.length;
    return offset;
  });
}
