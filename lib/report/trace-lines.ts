import type { SourceLocation } from '../dockerfile/analysis';
import type { LayerLocation } from '../layers/layer-facts';
import type { Trace } from '../policy/image-facts';
import { printable } from './printable';

/** One step of a trace in two parts: where, and what stands there. */
export interface TraceLine {
  readonly where: string;
  readonly what: string;
}

export function isSourceLocation(place: SourceLocation | LayerLocation): place is SourceLocation {
  return 'file' in place;
}

export function traceLine(place: SourceLocation | LayerLocation): TraceLine {
  if (isSourceLocation(place)) {
    return { where: printable(`${place.file}:${place.line}`), what: oneLine(place.text) };
  }
  return { where: `layer ${place.layer}`, what: printable(`/${place.path}`) };
}

/** The steps of a trace, one line each, their second halves aligned. */
export function traceLines(trace: Trace, indent: string): string[] {
  const lines = trace.map(traceLine);
  const width = Math.max(0, ...lines.map(({ where }) => where.length));
  return lines.map(({ where, what }) => `${indent}${where.padEnd(width)}   ${what}`.trimEnd());
}

/** Longest instruction that is shown whole; what is cut off is in the file. */
const MOST_CHARACTERS = 200;

function oneLine(text: string): string {
  const line = printable(text.replace(/\s+/g, ' ').trim());
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 1)}…`;
}
