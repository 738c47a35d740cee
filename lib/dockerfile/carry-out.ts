import { posix } from 'node:path';
import type { SourceLocation, Traced } from './analysis';
import type { BuildStage, StageCommand } from './build-stage';
import { checkCopy } from './check-copy';
import type { ExpansionOptions } from './expansion';
import { expandWord, expandWords } from './expansion';
import { parsePorts } from './exposed-ports';
import type { CopyStep, FileStep, RunStep } from './file-step';
import { heredocBody, tryHeredocStart } from './heredoc';
import type { ArgInstruction, CommandInstruction, CopyInstruction, HealthCheck, InlineDocument } from './instruction';
import type { RunInstruction } from './instruction';
import type { InstructionNode } from './instruction-node';
import type { Mount } from './mount';
import { parseMount } from './mount';
import type { Place } from './refusal';
import { placed, RefusedDockerfile } from './refusal';
import type { ResolvedBuild } from './resolve';
import type { RunConfig } from './run-config';
import { describedRunConfig, inheritRunConfig, shellCommand } from './run-config';
import { checkSignal } from './stop-signal';

/** What BuildKit sets where an image sets none. */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What became of a stage. */
export interface FinishedStage {
  readonly config: RunConfig;
  /** What its own instructions do to its files, in order. */
  readonly steps: readonly FileStep[];
  readonly variables: Map<string, string>;
  /** Whether the environment of the image at its bottom is known. */
  readonly environmentKnown: boolean;
  readonly workdirUnknown: boolean;
  /** Settings that cannot be known, and why. */
  readonly doubts: ReadonlyArray<{ readonly reason: string; readonly place: Place }>;
}

/** Stages that hand thousands of variables, labels or ports down through thousands of others are refused. */
const MAX_INHERITED_SETTINGS = 1_000_000;
/** Every port of every protocol; what a stage exposes more often is refused. */
const MAX_PORTS = 3 * 65_535;

/** Settings of the build that are not variables. */
const NO_VARIABLE = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

/**
 * Carries out the instructions of every stage that the target needs.
 *
 * @throws RefusedDockerfile where BuildKit gives up
 */
export function carryOut(
  build: ResolvedBuild,
  locate: (place: Place) => SourceLocation,
): Map<BuildStage, FinishedStage> {
  const finished = new Map<BuildStage, FinishedStage>();
  const needed = build.stages.filter((stage) => build.reachable.has(stage));
  for (const stage of needed) stage.dispatched = stage.isBareImage || stage.replacement !== undefined;
  let inherited = 0;
  for (const stage of needed) {
    const base = stage.base && finished.get(stage.base);
    inherited += base === undefined ? 0 : settingsOf(base);
    if (inherited > MAX_INHERITED_SETTINGS) throw new RefusedDockerfile('too many settings are inherited', stage.place);
    finished.set(stage, new StageWorker(stage, build, locate, base).run());
    stage.dispatched = true;
  }
  return finished;
}

function settingsOf({ variables, config }: FinishedStage): number {
  return variables.size + config.env.size + config.labels.size + config.ports.size;
}

/** Carries out the instructions of one stage. */
class StageWorker {
  private readonly config: RunConfig;
  private readonly variables: Map<string, string>;
  private readonly environmentKnown: boolean;
  private readonly steps: FileStep[] = [];
  private readonly doubts: { reason: string; place: Place }[] = [];
  private readonly options: ExpansionOptions;
  /** Whether the working directory is relative to that of an image whose own is not known. */
  private workdirUnknown: boolean;
  private cmdSet = false;
  private portCount = 0;

  public constructor(
    private readonly stage: BuildStage,
    private readonly build: ResolvedBuild,
    private readonly locate: (place: Place) => SourceLocation,
    base: FinishedStage | undefined,
  ) {
    const description = stage.origin?.kind === 'image' ? stage.origin.description : undefined;
    const scratch = stage.origin?.kind === 'scratch';
    this.options = { escape: build.escape };
    this.environmentKnown = base?.environmentKnown ?? (scratch || description?.envComplete === true);
    this.workdirUnknown = base?.workdirUnknown ?? !(scratch || description?.workdir !== undefined);
    this.config = base ? inheritRunConfig(base.config) : describedRunConfig(description ?? {});
    this.variables = new Map(base?.variables);
    if (this.environmentKnown && !this.config.env.has('PATH')) this.config.env.set('PATH', DEFAULT_PATH);
    if (!this.environmentKnown) this.variables.set('PATH', DEFAULT_PATH);
    for (const [name, value] of this.config.env) this.variables.set(name, value);
  }

  public run(): FinishedStage {
    if (!this.stage.dispatched) for (const command of this.stage.commands) this.carryOut(command);
    const { config, steps, variables, environmentKnown, workdirUnknown, doubts } = this;
    return { config, steps, variables, environmentKnown, workdirUnknown, doubts };
  }

  private carryOut(command: StageCommand): void {
    try {
      this.dispatch(command);
    } catch (error) {
      throw placed(error, () => placeOf(command));
    }
  }

  private dispatch(command: StageCommand): void {
    const { instruction } = command;
    switch (instruction.kind) {
      case 'arg':
        return this.arg(instruction);
      case 'env':
      case 'label':
        return this.setPairs(instruction.kind, instruction.pairs);
      case 'copy':
      case 'add':
        return this.copy(instruction, command);
      case 'run':
        return this.runCommand(instruction, command);
      case 'workdir':
        return this.workdir(instruction.value, command);
      case 'user':
        return this.user(instruction.value, command);
      case 'volume':
        return this.volume(instruction.values);
      case 'stopsignal':
        return checkSignal(this.expand(instruction.value));
      case 'expose':
        return this.expose(instruction.values, command);
      case 'cmd':
      case 'entrypoint':
      case 'shell':
        return this.setCommand(instruction, command);
      case 'healthcheck':
        return this.healthCheck(instruction, command);
      case 'onbuild':
      case 'maintainer':
        return undefined;
    }
  }

  private expand(word: string, onUnset?: (name: string) => void): string {
    return expandWord(word, this.variables, onUnset ? { ...this.options, onUnset } : this.options);
  }

  private traced<T>(value: T, command: StageCommand): Traced<T> {
    return { value, location: this.locate(placeOf(command)) };
  }

  private arg({ args }: ArgInstruction): void {
    for (const { key, value } of args) {
      const given = this.build.given.get(key);
      const result = given ?? (value === undefined ? this.build.globals.get(key) : this.expand(value));
      if (result !== undefined && !NO_VARIABLE.has(key)) this.variables.set(key, result);
    }
  }

  private setPairs(kind: 'env' | 'label', pairs: ReadonlyArray<readonly [string, string]>): void {
    // All of an instruction is expanded before any of it counts.
    const expanded = pairs.map(([key, value]) => [this.expand(key), this.expand(value)] as const);
    for (const [key, value] of expanded) {
      if (kind === 'label') this.config.labels.set(key, value);
      else {
        this.config.env.set(key, value);
        this.variables.set(key, value);
      }
    }
  }

  private workdir(value: string, command: StageCommand): void {
    const expanded = this.expand(value);
    if (expanded.startsWith('/')) this.workdirUnknown = false;
    this.config.workdir = this.traced(this.absolute(expanded), command);
  }

  private absolute(path: string): string {
    return posix.resolve(this.config.workdir?.value ?? '/', path);
  }

  private user(value: string, command: StageCommand): void {
    const unknown: string[] = [];
    const expanded = this.expand(value, (name) => unknown.push(name));
    const known = this.environmentKnown || unknown.length === 0;
    this.config.user = this.traced(known ? expanded : value, command);
    if (!known) this.doubt(`the user ${value} depends on variables of the base image`, command);
  }

  private doubt(reason: string, command: StageCommand): void {
    this.doubts.push({ reason, place: placeOf(command) });
  }

  private volume(values: readonly string[]): void {
    if (values.some((value) => this.expand(value) === '')) {
      throw new RefusedDockerfile('VOLUME specified can not be an empty string');
    }
  }

  private expose(values: readonly string[], command: StageCommand): void {
    const location = this.locate(placeOf(command));
    for (const value of values) {
      for (const word of expandWords(value, this.variables, this.options)) {
        for (const port of this.ports(word)) this.config.ports.set(port, { value: port, location });
      }
    }
  }

  /** The same ranges may be given over and over again. */
  private ports(word: string): readonly string[] {
    const ports = parsePorts(word);
    this.portCount += ports.length;
    if (this.portCount > MAX_PORTS) throw new RefusedDockerfile(`more than ${MAX_PORTS} ports are exposed`);
    return ports;
  }

  private setCommand({ kind, command: { args, form } }: CommandInstruction, command: StageCommand): void {
    if (kind === 'shell') {
      this.config.shell = this.traced(args, command);
      return;
    }
    const argv = form === 'shell' ? shellCommand(this.config, args) : args;
    const traced = this.traced({ argv, form }, command);
    if (kind === 'cmd') {
      this.cmdSet = true;
      this.config.cmd = traced;
      return;
    }
    this.config.entrypoint = argv.length === 0 ? undefined : traced;
    // A command that was inherited was meant for the entrypoint that was inherited.
    if (!this.cmdSet) this.config.cmd = undefined;
  }

  private healthCheck({ command: test }: HealthCheck, command: StageCommand): void {
    const argv = test?.form === 'shell' ? shellCommand(this.config, test.args) : (test?.args ?? []);
    const value = test === undefined ? { disabled: true } : { disabled: false, command: { argv, form: test.form } };
    this.config.healthCheck = this.traced(value, command);
  }

  private copy(instruction: CopyInstruction, command: StageCommand): void {
    const { kind, exclude, parents, unpack, keepGitDir } = instruction;
    const from = requireDispatched(command.sources[0], instruction.from, this.stage);
    const unknown = new Set<string>();
    const options = { ...this.options, onUnset: (name: string) => unknown.add(name) };
    const expand = (word: string): string => expandWord(word, this.variables, options);
    const sources = instruction.sources.map(expand);
    const destination = expand(instruction.destination);
    this.expand(instruction.chown);
    const step: CopyStep = {
      kind,
      command,
      instruction,
      from,
      sources,
      documents: instruction.documents.map((document) => this.expandDocument(document)),
      destination: this.destination(destination),
      workdirUnknown: this.workdirUnknown && !destination.startsWith('/'),
      exclude: exclude.map(expand),
      parents,
      unpack,
      unknownVariables: this.environmentKnown ? [] : [...unknown],
    };
    const [chmod, checksum] = [this.expand(instruction.chmod), this.expand(instruction.checksum)];
    checkCopy({ kind, sources, chmod, checksum, keepGitDir });
    this.steps.push(step);
  }

  /** Absolute; a destination that names a directory keeps its slash. */
  private destination(path: string): string {
    const absolute = this.absolute(path);
    const isDirectory = /(?:^|\/)\.{0,2}$/.test(path) && absolute !== '/';
    return isDirectory ? `${absolute}/` : absolute;
  }

  private expandDocument(document: InlineDocument): InlineDocument {
    if (!document.expand) return document;
    // The body is a file of its own: its quotes are not the Dockerfile's, and `# escape` does not count in it.
    const content = expandWord(document.content, this.variables, { escape: '\\', ignoreQuotes: true });
    return { ...document, content };
  }

  private runCommand(instruction: RunInstruction, command: StageCommand): void {
    const { node, command: written } = instruction;
    const args = withHeredocs(written.args, node);
    if (node.heredocs.length > 0 && (written.args.length !== 1 || written.form !== 'shell')) {
      throw new RefusedDockerfile(`parsing produced an invalid run command: ${written.args.join(' ')}`);
    }
    if (instruction.devices.length > 0) {
      throw new RefusedDockerfile('device feature is only supported in the labs channel of the Dockerfile frontend');
    }
    const mounts = instruction.mounts.map((mount, index) => this.mount(mount, command.sources[index]));
    const argv = written.form === 'shell' ? shellCommand(this.config, args) : args;
    const step: RunStep = { kind: 'run', command, instruction, argv, mounts };
    this.steps.push(step);
  }

  private mount(text: string, source: BuildStage): Mount {
    const mount = parseMount(text, (value) => this.expand(value));
    if (mount.from !== '' || mount.type === 'cache') requireDispatched(source, mount.from || 'scratch', this.stage);
    const target = mount.target.startsWith('/') ? mount.target : this.absolute(mount.target);
    if (target === '/' && mount.type !== 'secret' && mount.type !== 'ssh') {
      throw new RefusedDockerfile(`invalid mount target ${JSON.stringify(target)}`);
    }
    return mount;
  }
}

/** Where a command stands; one that a trigger brought stands where it was set off. */
export function placeOf({ trigger, instruction }: StageCommand): Place {
  return trigger?.place ?? instruction.node.line.place();
}

function requireDispatched(source: BuildStage | undefined, name: string, user: BuildStage): BuildStage | undefined {
  if (source?.dispatched === false) {
    throw new RefusedDockerfile(
      `cannot copy from stage ${JSON.stringify(name)}, it needs to be defined before current stage ${JSON.stringify(user.label())}`,
    );
  }
  return source;
}

/** A command that is nothing but a heredoc is its body; any other one is put together again for the shell to read. */
function withHeredocs(args: readonly string[], node: InstructionNode): readonly string[] {
  if (node.heredocs.length === 0 || args.length !== 1) return args;
  const only = tryHeredocStart(args[0]);
  if (only !== undefined) return [heredocBody(node.heredocs[0])];
  return [args[0] + node.heredocs.map((heredoc) => `\n${heredoc.content}${heredoc.name}`).join('')];
}
