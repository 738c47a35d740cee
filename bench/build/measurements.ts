import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { ImageContent } from './image-content';
import type { Variant } from './variants';

/** What one round of one variant took, in seconds. */
export interface BuildTimes {
  /** Nothing is there but builder and base images. */
  readonly cold: number;
  /** After one line of source has changed. */
  readonly line: number;
  /** After one dependency has changed. */
  readonly dependency: number;
}

interface Measurement {
  readonly service: string;
  readonly variant: Variant;
  readonly times?: BuildTimes;
  readonly content?: ImageContent;
}

/** Measurements in a file, a line each, so that runs add up. */
export class Measurements {
  public constructor(private readonly path: string) {}

  public add(measurement: Measurement): void {
    appendFileSync(this.path, `${JSON.stringify(measurement)}\n`);
  }

  public times(service: string, variant: Variant): BuildTimes[] {
    return this.of(service, variant).flatMap(({ times }) => times ?? []);
  }

  /** The latest that is known of an image. */
  public content(service: string, variant: Variant): ImageContent | undefined {
    return this.of(service, variant).findLast(({ content }) => content !== undefined)?.content;
  }

  private of(service: string, variant: Variant): Measurement[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, 'utf8').trim().split('\n');
    const all = lines.map((line) => JSON.parse(line) as Measurement);
    return all.filter((one) => one.service === service && one.variant === variant);
  }
}
