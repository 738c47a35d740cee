import { checkDuration } from './duration';
import type { FlagKind } from './flags';
import { Flags } from './flags';
import { toLower, trimSpace } from './go-text';
import type { Heredoc, HeredocStart } from './heredoc';
import { heredocBody, tryHeredocStart } from './heredoc';
import type { CommandArguments, CopyInstruction, InlineDocument, Instruction, RunInstruction } from './instruction';
import type { InstructionNode } from './instruction-node';
import { csvFields } from './mount';
import { placed, RefusedDockerfile } from './refusal';

type Reader = (node: InstructionNode) => Instruction;

const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/;
// Go's EqualFold takes the long s for an s.
const AS = /^a[sS\u017f]$/i;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['add', readAdd],
  ['arg', readArg],
  ['cmd', (node) => ({ kind: 'cmd', node, command: withoutFlags(node, commandArguments) })],
  ['copy', readCopy],
  ['entrypoint', (node) => ({ kind: 'entrypoint', node, command: withoutFlags(node, commandArguments) })],
  ['env', (node) => readPairs('env', node)],
  ['expose', (node) => ({ kind: 'expose', node, values: withoutFlags(node, atLeastOne) })],
  ['from', readFrom],
  ['healthcheck', readHealthCheck],
  ['label', (node) => readPairs('label', node)],
  ['maintainer', (node) => ({ kind: 'maintainer', node, value: withoutFlags(node, exactlyOne) })],
  ['onbuild', readOnbuild],
  ['run', readRun],
  ['shell', readShell],
  // BuildKit passes over the flags of STOPSIGNAL and ARG.
  ['stopsignal', (node) => ({ kind: 'stopsignal', node, value: exactlyOne(node) })],
  ['user', (node) => ({ kind: 'user', node, value: withoutFlags(node, exactlyOne) })],
  ['volume', readVolume],
  ['workdir', (node) => ({ kind: 'workdir', node, value: withoutFlags(node, exactlyOne) })],
]);

/**
 * Checks the form of an instruction.
 *
 * @throws RefusedDockerfile when BuildKit would not take it
 */
export function readInstruction(node: InstructionNode): Instruction {
  try {
    const reader = READERS.get(node.name);
    if (reader === undefined) throw new RefusedDockerfile(`unknown instruction: ${node.keyword}`);
    return reader(node);
  } catch (error) {
    throw placed(error, () => node.line.place());
  }
}

function withoutFlags<T>(node: InstructionNode, read: (node: InstructionNode) => T): T {
  const value = read(node);
  if (node.flags.length > 0) Flags.parse(node.flags, {});
  return value;
}

function exactlyOne(node: InstructionNode): string {
  if (node.args.length === 1) return node.args[0];
  throw new RefusedDockerfile(`${node.name.toUpperCase()} requires exactly one argument`);
}

function atLeastOne(node: InstructionNode): readonly string[] {
  if (node.args.length > 0) return node.args;
  throw new RefusedDockerfile(`${node.name.toUpperCase()} requires at least one argument`);
}

function readFrom(node: InstructionNode): Instruction {
  const { args } = node;
  if (args.length !== 1 && !(args.length === 3 && AS.test(args[1]))) {
    throw new RefusedDockerfile('FROM requires either one or three arguments');
  }
  const stage = args.length === 3 ? toLower(args[2]) : '';
  if (args.length === 3 && !STAGE_NAME.test(stage)) {
    throw new RefusedDockerfile(
      `invalid name for build stage: ${JSON.stringify(args[2])}, name can't start with a number or contain symbols`,
    );
  }
  const flags = Flags.parse(node.flags, { platform: 'string' });
  return { kind: 'from', node, base: args[0], stage, platform: flags.string('platform') };
}

function readArg(node: InstructionNode): Instruction {
  const args = atLeastOne(node).map((arg) => {
    const equals = arg.indexOf('=');
    if (equals < 0) return { key: arg };
    if (equals === 0) throw new RefusedDockerfile('ARG names can not be blank');
    return { key: arg.slice(0, equals), value: arg.slice(equals + 1) };
  });
  return { kind: 'arg', node, args };
}

function readPairs(kind: 'env' | 'label', node: InstructionNode): Instruction {
  const args = withoutFlags(node, atLeastOne);
  const pairs: (readonly [string, string])[] = [];
  // Key, value and separator take turns.
  for (let i = 0; i < args.length; i += 3) {
    if (args[i] === '') throw new RefusedDockerfile(`${kind.toUpperCase()} names can not be blank`);
    pairs.push([args[i], args[i + 1]]);
  }
  return { kind, node, pairs };
}

const COPY_FLAGS: Record<string, FlagKind> = {
  chmod: 'string',
  chown: 'string',
  exclude: 'strings',
  from: 'string',
  link: 'boolean',
  parents: 'boolean',
};

function readCopy(node: InstructionNode): CopyInstruction {
  return readSources('copy', node, COPY_FLAGS);
}

const ADD_FLAGS: Record<string, FlagKind> = {
  checksum: 'string',
  chmod: 'string',
  chown: 'string',
  exclude: 'strings',
  'keep-git-dir': 'boolean',
  link: 'boolean',
  unpack: 'boolean',
};

function readAdd(node: InstructionNode): CopyInstruction {
  return readSources('add', node, ADD_FLAGS);
}

function readSources(kind: 'add' | 'copy', node: InstructionNode, kinds: Record<string, FlagKind>): CopyInstruction {
  const name = kind.toUpperCase();
  if (node.args.length < 2) {
    throw new RefusedDockerfile(
      `${name} requires at least two arguments, but only one was provided. Destination could not be determined`,
    );
  }
  const flags = Flags.parse(node.flags, kinds);
  const destination = node.args[node.args.length - 1];
  if (tryHeredocStart(destination)) throw new RefusedDockerfile(`${name} cannot accept a heredoc as a destination`);
  const words = node.args.slice(0, -1);
  return {
    kind,
    node,
    ...sourcesAndDocuments(words, node.heredocs),
    destination,
    from: flags.string('from'),
    chown: flags.string('chown'),
    chmod: flags.string('chmod'),
    exclude: flags.strings('exclude'),
    parents: flags.boolean('parents') ?? false,
    checksum: flags.string('checksum'),
    unpack: flags.boolean('unpack'),
    keepGitDir: flags.boolean('keep-git-dir'),
  };
}

function sourcesAndDocuments(words: readonly string[], heredocs: readonly Heredoc[]) {
  const sources: string[] = [];
  const documents: InlineDocument[] = [];
  // Of two heredocs with one name the last one counts.
  const byName = new Map(heredocs.map((heredoc) => [heredoc.name, heredoc]));
  for (const word of words) {
    const start = tryHeredocStart(word);
    if (start === undefined) sources.push(word);
    else documents.push(inlineDocument(start, byName.get(start.name)));
  }
  return { sources, documents };
}

/** In JSON form a word may look like a heredoc and have no body: it then is an empty file. */
function inlineDocument({ name, expand, chomp }: HeredocStart, heredoc: Heredoc | undefined): InlineDocument {
  return { name, expand, content: heredoc === undefined ? '' : heredocBody({ ...heredoc, chomp }) };
}

const RUN_FLAGS: Record<string, FlagKind> = {
  device: 'strings',
  mount: 'strings',
  network: 'string',
  security: 'string',
};

function readRun(node: InstructionNode): RunInstruction {
  const flags = Flags.parse(node.flags, RUN_FLAGS);
  requireOneOf('network mode', flags.strings('network'), ['default', 'none', 'host']);
  requireOneOf('security', flags.strings('security'), ['insecure', 'sandbox']);
  const mounts = flags.strings('mount');
  for (const mount of mounts) checkMountSource(mount);
  return { kind: 'run', node, command: commandArguments(node), mounts, devices: flags.strings('device') };
}

function requireOneOf(what: string, values: readonly string[], allowed: readonly string[]): void {
  for (const value of values) {
    if (!allowed.includes(value)) throw new RefusedDockerfile(`invalid ${what} ${JSON.stringify(value)}`);
  }
}

/** Before variables are known, the source of a mount is all that BuildKit looks at. */
function checkMountSource(mount: string): void {
  for (const field of csvFields(mount)) {
    if (/^from=.*\$./is.test(field)) {
      throw new RefusedDockerfile("'from' doesn't support variable expansion, define alias stage instead");
    }
  }
}

function commandArguments(node: InstructionNode): CommandArguments {
  if (node.json) return { args: node.args, form: 'exec' };
  return { args: node.args.length === 0 ? [] : [node.args.join(' ')], form: 'shell' };
}

function readShell(node: InstructionNode): Instruction {
  const command = withoutFlags(node, commandArguments);
  if (command.args.length === 0) throw new RefusedDockerfile('SHELL requires at least one argument');
  if (command.form === 'shell') throw new RefusedDockerfile('SHELL requires the arguments to be in JSON form');
  return { kind: 'shell', node, command };
}

const HEALTH_FLAGS: Record<string, FlagKind> = {
  interval: 'string',
  retries: 'string',
  'start-interval': 'string',
  'start-period': 'string',
  timeout: 'string',
};

function readHealthCheck(node: InstructionNode): Instruction {
  const [type, ...args] = atLeastOne(node);
  const kind = type.toUpperCase();
  if (kind === 'NONE') {
    if (args.length > 0) throw new RefusedDockerfile('HEALTHCHECK NONE takes no arguments');
    return { kind: 'healthcheck', node };
  }
  const flags = Flags.parse(node.flags, HEALTH_FLAGS);
  if (kind !== 'CMD') throw new RefusedDockerfile(`unknown type ${JSON.stringify(kind)} in HEALTHCHECK (try CMD)`);
  if (args.length === 0) throw new RefusedDockerfile('missing command after HEALTHCHECK CMD');
  for (const name of ['interval', 'timeout', 'start-period', 'start-interval']) checkDuration(flags.string(name));
  checkRetries(flags.string('retries'));
  return { kind: 'healthcheck', node, command: commandArguments({ ...node, args }) };
}

function checkRetries(value: string): void {
  if (value === '') return;
  const retries = /^[+-]?\d+$/.test(value) ? Number(value) : NaN;
  if (!(retries >= 0 && retries < 2 ** 31)) throw new RefusedDockerfile(`--retries cannot be ${value}`);
}

function readVolume(node: InstructionNode): Instruction {
  const values = withoutFlags(node, atLeastOne).map(trimSpace);
  if (values.includes('')) throw new RefusedDockerfile('VOLUME specified can not be an empty string');
  return { kind: 'volume', node, values };
}

function readOnbuild(node: InstructionNode): Instruction {
  const trigger = trimSpace(withoutFlags(node, atLeastOne)[0]).toUpperCase();
  if (trigger === 'ONBUILD') throw new RefusedDockerfile("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  if (trigger === 'MAINTAINER' || trigger === 'FROM') {
    throw new RefusedDockerfile(`${trigger} isn't allowed as an ONBUILD trigger`);
  }
  const instruction = node.line.text.replace(/^[\t\n\f\r ]*onbuild[\t\n\f\r ]*/i, '');
  const bodies = node.heredocs.map((heredoc) => `\n${heredoc.content}${heredoc.name}`);
  return { kind: 'onbuild', node, expression: instruction + bodies.join('') };
}
