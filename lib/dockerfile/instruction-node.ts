import type { Heredoc } from './heredoc';
import type { LogicalLine } from './logical-lines';
import type { Place } from './refusal';

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

/** The place of the first argument that is this word; of the arguments where it cannot be found. */
export function placeOfWord(node: InstructionNode, word: string): Place {
  const offset = node.line.text.indexOf(word, node.argsOffset);
  return node.line.place(offset < 0 ? node.argsOffset : offset);
}
