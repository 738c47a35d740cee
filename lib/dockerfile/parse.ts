import type { ArgumentForm, Arguments } from './argument-forms';
import { blankDelimited, healthCheck, jsonOrBlankDelimited, jsonOrWhole, keyValues } from './argument-forms';
import { quotedWords, wholeRest } from './argument-forms';
import type { EscapeToken } from './directives';
import { toLower } from './go-text';
import type { Heredoc } from './heredoc';
import { heredocStarts, readHeredoc } from './heredoc';
import type { InstructionNode } from './instruction-node';
import type { LogicalLine } from './logical-lines';
import { LineReader } from './logical-lines';
import { placed, RefusedDockerfile } from './refusal';
import { splitInstruction } from './split-instruction';

/** A Dockerfile as a list of instructions. */
export interface ParsedDockerfile {
  readonly nodes: readonly InstructionNode[];
  readonly escape: EscapeToken;
}

const FORMS: ReadonlyMap<string, ArgumentForm> = new Map([
  ['add', jsonOrBlankDelimited],
  ['arg', quotedWords],
  ['cmd', jsonOrWhole],
  ['copy', jsonOrBlankDelimited],
  ['entrypoint', jsonOrWhole],
  ['env', keyValues('ENV')],
  ['expose', blankDelimited],
  ['from', blankDelimited],
  ['healthcheck', healthCheck],
  ['label', keyValues('LABEL')],
  ['maintainer', wholeRest],
  // An ONBUILD that holds nothing back.
  ['onbuild', wholeRest],
  ['run', jsonOrWhole],
  ['shell', jsonOrWhole],
  ['stopsignal', wholeRest],
  ['user', wholeRest],
  ['volume', jsonOrBlankDelimited],
  ['workdir', wholeRest],
]);

const WITH_HEREDOCS = new Set(['add', 'copy', 'run']);

/**
 * Reads the text of a Dockerfile into instructions, as BuildKit's parser does.
 *
 * @throws RefusedDockerfile where BuildKit's parser gives up
 */
export function parseDockerfile(text: string): ParsedDockerfile {
  const lines = new LineReader(text);
  const nodes: InstructionNode[] = [];
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    nodes.push(parseInstruction(line, lines));
  }
  if (nodes.length === 0) throw new RefusedDockerfile('file with no instructions');
  return { nodes, escape: lines.escape };
}

function parseInstruction(line: LogicalLine, lines: LineReader): InstructionNode {
  try {
    const node = readNode(line, line.text, 0, lines.escape);
    const heredocs = readHeredocs(node, lines);
    return heredocs.length === 0 ? node : { ...node, heredocs };
  } catch (error) {
    throw placed(error, () => line.place());
  }
}

/** Reads `text`, which begins at `offset` of the line: all of it, or what follows ONBUILD. */
function readNode(line: LogicalLine, text: string, offset: number, escape: EscapeToken): InstructionNode {
  const { keyword, name, flags, rest, restOffset } = splitInstruction(text);
  const argsOffset = offset + restOffset;
  const trigger = name === 'onbuild' ? readTrigger(line, rest, argsOffset, escape) : undefined;
  const { args, json } = trigger ? onbuildArguments(trigger) : (FORMS.get(name) ?? unknownForm)(rest, escape);
  return { keyword, name, flags, args, json, heredocs: NO_HEREDOCS, trigger, line, argsOffset };
}

const NO_HEREDOCS: readonly Heredoc[] = [];

function readTrigger(line: LogicalLine, rest: string, offset: number, escape: EscapeToken) {
  if (rest === '') return undefined;
  if (toLower(rest.slice(0, 'onbuild'.length)) === 'onbuild' && splitInstruction(rest).name === 'onbuild') {
    throw new RefusedDockerfile("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  }
  return readNode(line, rest, offset, escape);
}

function onbuildArguments(trigger: InstructionNode): Arguments {
  return { args: [trigger.keyword, ...trigger.args], json: false };
}

/** The instruction layer refuses what is unknown; the parser goes on. */
const unknownForm: ArgumentForm = () => ({ args: [''], json: false });

function readHeredocs(node: InstructionNode, lines: LineReader): readonly Heredoc[] {
  const holder = node.trigger ?? node;
  if (!WITH_HEREDOCS.has(holder.name) || holder.json || !node.line.text.includes('<<')) return NO_HEREDOCS;
  return heredocStarts(node.line.text).map((start) => {
    const heredoc = readHeredoc(start, lines);
    if (heredoc === undefined) throw new RefusedDockerfile('unterminated heredoc');
    return heredoc;
  });
}
