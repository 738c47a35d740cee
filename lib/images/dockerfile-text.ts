/**
 * Writes Dockerfiles: only what the frontend that is built into BuildKit 0.8 (docker 20.10) understands, so that no build has to
 * fetch a newer one. No `# syntax`, no heredocs, no `COPY --link` or `--exclude`.
 */

/** A stage of a rendered Dockerfile. */
export interface StageText {
  readonly from: string;
  readonly platform?: string;
  readonly name?: string;
  /** What the stage is for; a comment above it. */
  readonly comment?: string;
  /** What is copied into it before its instructions; known by itself in the stage that becomes the image. */
  readonly files?: readonly FileCopy[];
  readonly instructions: readonly string[];
}

/** Files or directories, where they come from, and where they go. */
export interface FileCopy {
  readonly sources: readonly string[];
  /** A single source takes its name, whether it is a file or a directory. */
  readonly destination: string;
  /** A stage, or an image; without it, the build context. */
  readonly from?: string;
}

export function renderDockerfile(stages: readonly StageText[]): string {
  return stages.map(renderStage).join('\n');
}

function renderStage(stage: StageText): string {
  const platform = stage.platform === undefined ? '' : `--platform=${stage.platform} `;
  const name = stage.name === undefined ? '' : ` AS ${stage.name}`;
  const comment = stage.comment === undefined ? [] : [`# ${stage.comment}`];
  const files = (stage.files ?? []).map(renderCopy);
  return [...comment, `FROM ${platform}${stage.from}${name}`, ...files, ...stage.instructions, ''].join('\n');
}

/** A COPY instruction: a single source takes the destination's name, whether it is a file or a directory. */
export function copy(sources: readonly string[], destination: string, from?: string): string {
  return renderCopy(fileCopy(sources, destination, from));
}

/** The same for the stage that becomes the image. */
export function fileCopy(sources: readonly string[], destination: string, from?: string): FileCopy {
  return { sources, destination, from };
}

function renderCopy({ sources, destination, from }: FileCopy): string {
  const flag = from === undefined ? '' : `--from=${from} `;
  const words = [...sources.map(literalPath), literalPath(destination)];
  return words.some((word) => /\s/.test(word))
    ? `COPY ${flag}${JSON.stringify(words)}`
    : `COPY ${flag}${words.join(' ')}`;
}

/** Runs commands one after the other, in the builder's shell; stops at the first that fails. */
export function run(commands: readonly string[], mounts: readonly string[] = []): string {
  const flags = mounts.map((mount) => `--mount=${mount} \\\n    `).join('');
  return `RUN ${flags}${commands.join(' \\\n && ')}`;
}

/** A directory that outlives the build on the machine that builds; the package managers' caches. */
export function cacheMount(target: string, sharing?: 'locked'): string {
  return `type=cache,target=${target}${sharing === undefined ? '' : `,sharing=${sharing}`}`;
}

export function secretMount(id: string, target: string): string {
  return `type=secret,id=${id},target=${target}`;
}

export function env(variables: Readonly<Record<string, string>>): string[] {
  return keyValues('ENV', variables);
}

export function label(labels: Readonly<Record<string, string>>): string[] {
  return keyValues('LABEL', labels);
}

export function entrypoint(argv: readonly string[]): string {
  return `ENTRYPOINT ${execForm(argv)}`;
}

export function cmd(argv: readonly string[]): string {
  return `CMD ${execForm(argv)}`;
}

/** A word of a shell command, quoted where the shell would read it as anything but itself. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function keyValues(instruction: string, pairs: Readonly<Record<string, string>>): string[] {
  const words = Object.entries(pairs).map(([key, value]) => `${key}=${quoted(value)}`);
  return words.length === 0 ? [] : [`${instruction} ${words.join(' \\\n    ')}`];
}

/** In double quotes, `\`, `"` and `$` mean something to BuildKit's word expansion. */
function quoted(value: string): string {
  return /^[\w@%+:,./=-]+$/.test(value) ? value : `"${value.replace(/[\\"$]/g, '\\$&')}"`;
}

/** Keeps COPY from reading wildcards and variables into a file's name. */
function literalPath(path: string): string {
  return path.replace(/[*?[]/g, '[$&]').replaceAll('$', '\\$');
}

function execForm(argv: readonly string[]): string {
  return `[${argv.map((word) => JSON.stringify(word)).join(', ')}]`;
}
