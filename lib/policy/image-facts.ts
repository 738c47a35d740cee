import type { BaseVerdict } from '../bases/base-verdict';
import type { CommandLine, HealthCheckInstruction, SourceLocation } from '../dockerfile/analysis';
import type { LayerLocation } from '../layers/layer-facts';

/** What a fact rests on: lines of Dockerfiles, or paths in layers. */
export type Trace = ReadonlyArray<SourceLocation | LayerLocation>;

/** A shell or package manager in the image. */
export interface ToolFact {
  readonly kind: string;
  readonly path: string;
  readonly by: 'content' | 'path' | 'source-image';
  readonly trace: Trace;
  /** What brings it, in words. */
  readonly because?: string;
}

export interface UnprovenFact {
  readonly reason: string;
  readonly path?: string;
  readonly trace: Trace;
  /** What makes it provable, where that is known. */
  readonly fix?: string;
}

/** A fact of the image configuration, and where it was set. */
export interface ConfigFact<T> {
  readonly value: T;
  readonly trace: Trace;
  /** Whether it comes with the base; otherwise the image sets it itself. */
  readonly inherited?: boolean;
}

/** What is known of one image, whatever it was learnt from. The rules see nothing else of it. */
export interface ImageFacts {
  /** What was judged, as it should be shown to people: a path, a reference. */
  readonly subject: string;
  /** The strongest thing that the facts rest on. */
  readonly proof: 'nothing' | 'reference' | 'dockerfile' | 'layers';
  /** `scratch`, or the reference; undefined when it could not be resolved (then `unproven` says why). */
  readonly base?: {
    readonly reference: string;
    readonly digest?: string;
    readonly verdict?: BaseVerdict;
    readonly trace: Trace;
    /** Whether the facts include what the real layers of the base hold, so that its name no longer matters. */
    readonly inspected?: boolean;
    /** How many of the image's layers are the base's, where layers were read. */
    readonly layers?: number;
  };
  readonly shells: readonly ToolFact[];
  readonly packageManagers: readonly ToolFact[];
  readonly unproven: readonly UnprovenFact[];
  readonly user?: ConfigFact<string>;
  readonly entrypoint?: ConfigFact<CommandLine>;
  readonly cmd?: ConfigFact<CommandLine>;
  readonly healthCheck?: ConfigFact<HealthCheckInstruction>;
  readonly platform?: string;
  readonly sizeBytes?: number;
  /** Why somebody who wanted to look into the layers could not. */
  readonly uninspected?: string;
}
