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

/** The places of words that follow each other, each searched behind the one before, so that a line of many words is read once. */
export function placesOfWords(node: InstructionNode, words: readonly string[]): Place[] {
  let from = node.argsOffset;
  return words.map((word) => {
    const offset = node.line.text.indexOf(word, from);
    if (offset < 0) return node.line.place(node.argsOffset);
    from = offset + word.length;
    return node.line.place(offset);
  });
}
