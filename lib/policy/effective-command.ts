import type { ConfigFact, ImageFacts, Trace } from './image-facts';
import type { ImageUse } from './image-use';
import type { CommandLine } from '../dockerfile/analysis';

/** One half of what a container runs, and who said so. */
export interface CommandPart {
  readonly argv: readonly string[];
  readonly form: 'exec' | 'shell';
  readonly trace: Trace;
  readonly saidBy: 'template' | 'image' | 'base';
  /** What it is called where it stands: `entryPoint` in a template, `ENTRYPOINT` in an image. */
  readonly name: string;
}

/** What a container runs: the entrypoint, and the command as its arguments. Undefined where nothing is said. */
export interface EffectiveCommand {
  readonly entrypoint?: CommandPart;
  readonly command?: CommandPart;
}

/**
 * What a container runs in the end.
 *
 * The template beats the image, and an entrypoint in the template drops the command of the image, as in `docker run --entrypoint`.
 */
export function effectiveCommand({ settings }: ImageUse, facts: ImageFacts): EffectiveCommand {
  const { entryPoint, command, unresolved = [] } = settings;
  const imageEntrypoint = fromImage('ENTRYPOINT', facts.entrypoint);
  const imageCommand = fromImage('CMD', facts.cmd);
  const replaced = isStated(entryPoint) || unresolved.includes('entryPoint');
  return {
    entrypoint: replaced ? fromTemplate('entryPoint', entryPoint) : imageEntrypoint,
    command:
      isStated(command) || unresolved.includes('command')
        ? fromTemplate('command', command)
        : replaced
          ? undefined
          : imageCommand,
  };
}

/** An empty list says nothing: Docker takes it for absent. */
function isStated(argv: readonly string[] | undefined): argv is readonly string[] {
  return argv !== undefined && argv.length > 0;
}

function fromTemplate(name: string, argv: readonly string[] | undefined): CommandPart | undefined {
  return isStated(argv) ? { argv, form: 'exec', trace: [], saidBy: 'template', name } : undefined;
}

function fromImage(name: string, fact: ConfigFact<CommandLine> | undefined): CommandPart | undefined {
  if (!isStated(fact?.value.argv)) return undefined;
  const { value, trace, inherited } = fact;
  return { argv: value.argv, form: value.form, trace, saidBy: inherited ? 'base' : 'image', name };
}
