import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { ImageContent } from './image-content';
import type { Variant } from './variants';

/** What a build is measured after: nothing is there but builder and bases; one line has changed; one dependency has. */
export const STEPS = ['cold', 'line', 'dependency'] as const;
export type Step = (typeof STEPS)[number];

/** Which image is spoken of. */
export interface Target {
  readonly service: string;
  readonly variant: Variant;
}

interface Measurement extends Target {
  readonly step?: Step;
  readonly seconds?: number;
  readonly content?: ImageContent;
}

/** Measurements in a file, a line each, so that runs add up. */
export class Measurements {
  public constructor(private readonly path: string) {}

  public add(measurement: Measurement): void {
    appendFileSync(this.path, `${JSON.stringify(measurement)}\n`);
  }

  /** The median; undefined when nothing was measured. */
  public seconds(target: Target, step: Step): number | undefined {
    const all = this.of(target).filter((measurement) => measurement.step === step);
    const seconds = all.map((measurement) => measurement.seconds ?? 0).sort((a, b) => a - b);
    return seconds.at(seconds.length / 2);
  }

  /** The latest that is known of an image. */
  public content(target: Target): ImageContent | undefined {
    return this.of(target).findLast(({ content }) => content !== undefined)?.content;
  }

  private of({ service, variant }: Target): Measurement[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, 'utf8').trim().split('\n');
    const all = lines.map((line) => JSON.parse(line) as Measurement);
    return all.filter((one) => one.service === service && one.variant === variant);
  }
}
