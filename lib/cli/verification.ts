import { cacheDirectory } from '../evidence/cache-directory';
import { AssetEvidence } from '../evidence/asset-evidence';
import { AssetInspections, targetOf, type InspectableAsset } from '../evidence/asset-inspections';
import { ImageInspector } from '../evidence/image-inspector';
import { inspectAll } from '../evidence/inspect-all';
import type { InspectionOutcome } from '../evidence/inspect-in-child';
import type { Mirrors } from '../bases/mirrors';
import { projectLock } from './inspection/project-lock';
import type { ProgressLine } from './progress-line';
import { count, formatDuration } from './quantities';
import type { Session } from './session';
import type { Terminal } from './terminal';

export interface VerificationOptions {
  readonly concurrency: number;
  /** Whether what earlier runs have found counts. */
  readonly recall: boolean;
  readonly mirrors: Mirrors;
}

/** Builds the assets of an app and looks into them, as far as they are not known from earlier. */
export async function verifyAssets(
  assets: readonly InspectableAsset[],
  { concurrency, recall, mirrors }: VerificationOptions,
  { terminal, environment, directory }: Session,
): Promise<AssetInspections> {
  const inspections = new AssetInspections(new AssetEvidence(cacheDirectory(environment)));
  const open = inspections.open(assets, recall);
  const progress = new VerificationProgress(open, terminal);
  const inspector = new ImageInspector({ environment, mirrors, knownBases: projectLock(directory).knownBases });
  try {
    await inspectAll(open.map(targetOf), inspector, {
      concurrency,
      onStart: (index) => progress.start(index),
      onDone: (index, outcome) => {
        inspections.conclude(open[index], outcome);
        progress.done(index, outcome);
      },
    });
  } finally {
    progress.end();
    inspector.close();
  }
  terminal.note(`${count(open.length, 'image')} inspected, ${assets.length - open.length} known from earlier`);
  return inspections;
}

/** One line for all images at work where a person watches, else a line for each image that is done. */
class VerificationProgress {
  private readonly begun = new Map<number, number>();
  private readonly line: ProgressLine;
  private finished = 0;

  public constructor(
    private readonly assets: readonly InspectableAsset[],
    private readonly terminal: Terminal,
  ) {
    this.line = terminal.progress('building and inspecting');
  }

  public start(index: number): void {
    this.begun.set(index, performance.now());
    this.show();
  }

  public done(index: number, outcome: InspectionOutcome): void {
    const seconds = formatDuration(performance.now() - (this.begun.get(index) ?? 0));
    this.begun.delete(index);
    this.finished++;
    this.line.end();
    this.terminal.note(`${'facts' in outcome ? 'inspected' : 'failed   '}  ${this.nameOf(index)}  ${seconds}`);
    this.show();
  }

  public end(): void {
    this.line.end();
  }

  private show(): void {
    const names = [...this.begun.keys()].map((index) => this.nameOf(index));
    if (names.length > 0) this.line.say(`${this.finished} of ${this.assets.length}, now ${names.join(', ')}`);
  }

  private nameOf(index: number): string {
    return this.assets[index].build.name;
  }
}
