import type { ArgInstruction, FromInstruction, Instruction } from './instruction';
import type { InstructionNode } from './instruction-node';
import { readInstruction } from './read-instruction';
import { RefusedDockerfile } from './refusal';

/** An instruction inside of a stage. */
export type StageInstruction = Exclude<Instruction, FromInstruction>;

export interface Stage {
  readonly from: FromInstruction;
  readonly instructions: readonly StageInstruction[];
}

/** The instructions of a Dockerfile, sorted. */
export interface StageList {
  /** The ARGs before the first FROM. */
  readonly globals: readonly ArgInstruction[];
  readonly stages: readonly Stage[];
}

/** Sorts instructions into stages; ARGs before the first one are global. */
export function groupIntoStages(nodes: readonly InstructionNode[]): StageList {
  const globals: ArgInstruction[] = [];
  const stages: (Stage & { readonly instructions: StageInstruction[] })[] = [];
  for (const instruction of nodes.map(readInstruction)) {
    if (instruction.kind === 'from') stages.push({ from: instruction, instructions: [] });
    else if (stages.length > 0) stages[stages.length - 1].instructions.push(instruction);
    else if (instruction.kind === 'arg') globals.push(instruction);
    else throw new RefusedDockerfile('no build stage in current context', instruction.node.line.place());
  }
  if (stages.length === 0) throw new RefusedDockerfile('dockerfile contains no stages to build');
  return { globals, stages };
}
