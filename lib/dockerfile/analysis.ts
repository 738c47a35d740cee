/**
 * What the dockerfile room takes and gives. Nothing here guesses: what cannot be known is in `unproven`, with the reason.
 */

/** A place in a Dockerfile: what every fact about it rests on. */
export interface SourceLocation {
  /** The Dockerfile, as it should be shown to people. */
  readonly file: string;
  /** First line of the instruction, counted from 1. */
  readonly line: number;
  /** Column of the word in question, counted from 1. */
  readonly column?: number;
  /** The instruction as written, on one line. */
  readonly text: string;
}

/** A value and the instruction that set it; no location means that it came from the base image. */
export interface Traced<T> {
  readonly value: T;
  readonly location?: SourceLocation;
}

/** One build, as the caller will really run it. */
export interface BuildRequest {
  /** The Dockerfile's text, decoded as UTF-8 (invalid bytes replaced). */
  readonly text: string;
  /** The Dockerfile's name in messages. */
  readonly file: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly target?: string;
  /** `os/arch[/variant]`; default: linux/amd64 (BuildKit's own default is the platform of the builder). */
  readonly platform?: string;
  /** Named contexts, as given to `--build-context`. */
  readonly buildContexts?: Readonly<Record<string, string>>;
  /** The files of the main context; without them whatever comes from it is judged by its name alone. */
  readonly context?: BuildContext;
  /** Opens a named context that is a local directory; undefined when it is not there. */
  readonly openContext?: (directory: string) => BuildContext | undefined;
  /** Things around the build that change what it means, each a reason why the answer is unproven. */
  readonly disturbances?: readonly string[];
  /** What is known of an image that the Dockerfile refers to. */
  readonly describeImage?: (reference: string) => ImageDescription | undefined;
}

/** What is known of an image that a Dockerfile refers to, from the catalogue or from evidence. */
export interface ImageDescription {
  /** Whether the image is known to hold, or known not to hold, a shell; undefined: not known. */
  readonly hasShell?: boolean;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly workdir?: string;
  /** Variables of its environment that are known. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether `env` is all of its environment. */
  readonly envComplete?: boolean;
  /** ONBUILD triggers; undefined when they are not known. */
  readonly onbuild?: readonly string[];
}

/** A build context. Paths are relative to its root, with `/` between the names and none in front. */
export interface BuildContext {
  /** Where the context lies, for messages. */
  readonly description: string;
  /** The names in a directory ('' is the root); undefined when it is not a directory. */
  list(directory: string): readonly string[] | undefined;
  /** What is at a path, links not followed. */
  stat(path: string): ContextEntry | undefined;
  /** Reads a file piece by piece, in order, until `take` answers false; throws when it cannot be read. */
  read(path: string, take: (chunk: Uint8Array) => boolean): void;
}

export interface ContextEntry {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly mode: number;
  readonly sizeBytes: number;
  /** Target of a symbolic link, as stored. */
  readonly target?: string;
}

/** What the target stage is in the end built on. */
export type FinalBase =
  | { readonly kind: 'scratch'; readonly location: SourceLocation }
  | { readonly kind: 'image'; readonly reference: string; readonly platform: string; readonly location: SourceLocation }
  /** A named context took the place of a stage or of an image, and is not an image itself. */
  | { readonly kind: 'context'; readonly name: string; readonly value: string; readonly location: SourceLocation }
  | { readonly kind: 'unresolved'; readonly reason: string; readonly location?: SourceLocation };

/** A shell or package manager that an instruction provably brings, or may bring. */
export interface BroughtTool {
  readonly category: 'shell' | 'package-manager';
  /** busybox, bash, apt ... */
  readonly kind: string;
  /** Where it ends up in the final image. */
  readonly path: string;
  readonly by: 'content' | 'path' | 'source-image';
}

/** An instruction that brings files into the final image, and the verdict on it. */
export interface Introduction {
  readonly instruction: 'COPY' | 'ADD' | 'RUN' | 'WORKDIR' | 'ONBUILD';
  /** What is brought, in words: `/bin/busybox from stage tools (docker.io/library/busybox:1.37)`. */
  readonly subject: string;
  /** The instruction itself first, then where what it brings comes from. */
  readonly trace: readonly SourceLocation[];
  readonly verdict: 'ok' | 'violation' | 'unproven';
  /** Why, in words; always there unless the verdict is ok. */
  readonly reason?: string;
  readonly tools: readonly BroughtTool[];
}

/** A command, in the form in which the image configuration holds it. */
export interface CommandLine {
  /** In exec form; the shell form shows as `["/bin/sh", "-c", ...]`. */
  readonly argv: readonly string[];
  readonly form: 'exec' | 'shell';
}

export interface HealthCheckInstruction {
  readonly disabled: boolean;
  readonly command?: CommandLine;
}

export interface StageSummary {
  /** Lower-cased; '' when the stage has no name. */
  readonly name: string;
  /** As written. */
  readonly base: string;
  /** As written, '' when there is none. */
  readonly platform: string;
  /** Instruction names as written, without FROM. */
  readonly commands: readonly string[];
  readonly location: SourceLocation;
}

/** BuildKit refuses the Dockerfile. */
export interface Refusal {
  readonly message: string;
  readonly location?: SourceLocation;
}

/** Something that keeps the analysis from being a proof. */
export interface UnprovenReason {
  readonly reason: string;
  readonly location?: SourceLocation;
}

export interface DockerfileAnalysis {
  /** Set when BuildKit would refuse to build; nothing else can then be relied on. */
  readonly refusal?: Refusal;
  readonly stages: readonly StageSummary[];
  readonly base: FinalBase;
  /** The FROM lines from the target stage to its base. */
  readonly baseChain: readonly SourceLocation[];
  /** Every image that building the target resolves. */
  readonly images: ReadonlyArray<{ readonly reference: string; readonly platform: string }>;
  readonly introductions: readonly Introduction[];
  readonly user?: Traced<string>;
  readonly entrypoint?: Traced<CommandLine>;
  readonly cmd?: Traced<CommandLine>;
  readonly healthCheck?: Traced<HealthCheckInstruction>;
  readonly exposedPorts: ReadonlyArray<Traced<string>>;
  readonly workdir?: Traced<string>;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly unproven: readonly UnprovenReason[];
}
