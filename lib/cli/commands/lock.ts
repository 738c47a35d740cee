import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readAssembly } from '../../assembly/cloud-assembly';
import { imageUses } from '../../assembly/image-uses';
import { normaliseReference, tryParseReference } from '../../bases/reference';
import { analyseDockerfile } from '../../dockerfile/analyse';
import { readBuild } from '../../dockerfile/sources/read-build';
import { ImageInspector } from '../../evidence/image-inspector';
import { LOCK_FILE_NAME, LockFile } from '../../evidence/lock-file';
import { AWS_PLATFORMS } from '../../evidence/platform-name';
import type { ImageOrigin } from '../../policy/image-use';
import { defineCommand } from '../command';
import { ExitCode } from '../exit-code';
import { subjectOf } from '../inspection/subject';
import { readPolicy } from '../policy-file';
import { count } from '../quantities';
import type { Session } from '../session';
import { UsageError } from '../usage-error';

/** Resolves references to digests, looks into the images, and writes down both. */
export const lock = defineCommand({
  name: 'lock',
  summary: 'pin references to digests, and keep what is in those images',
  operands: '[IMAGE|Dockerfile|cdk.out ...]',
  description:
    'Resolves references to the digests they stand for, inspects those images, and writes both to distroless.lock.json, which\n' +
    'is to be committed: synthesis pins by it, and judges by it what is in a base. References are taken from the command line,\n' +
    'from Dockerfiles (their final base) and from cloud assemblies. Without operands those in the lock file are brought up to date.',
  flags: {
    check: { type: 'boolean', description: 'write nothing; exit 1 where the lock file is not up to date' },
    platform: {
      type: 'string',
      value: 'OS/ARCH',
      multiple: true,
      description: `platforms to look into (${AWS_PLATFORMS.join(', ')})`,
    },
    policy: { type: 'string', value: 'FILE', description: 'the policy file, for its mirrors (distroless.config.json)' },
  },
  examples: [
    { line: 'lock gcr.io/distroless/nodejs24-debian13:nonroot', does: 'pin a base' },
    { line: 'lock cdk.out', does: 'pin what an app is built on and runs' },
    { line: 'lock', does: 'bring all pins up to date' },
    { line: 'lock --check', does: 'in a pipeline: has a tag moved?' },
  ],
  run: async (operands, { check, platform, policy }, session) => {
    const path = join(session.directory, LOCK_FILE_NAME);
    const before = LockFile.load(path);
    const references = operands.length === 0 ? before.references : referencesIn(operands, session);
    if (references.length === 0)
      throw new UsageError('there is nothing to lock; name an image, a Dockerfile or a cdk.out');
    const platforms = platform.length === 0 ? AWS_PLATFORMS : platform;
    const after = await locked(before, references, platforms, readPolicy(policy, session.directory).mirrors, session);
    const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === after.toString();
    if (!isCurrent && !check) after.save(path);
    tell(before, after, references, session);
    return isCurrent || !check ? ExitCode.COMPLIANT : ExitCode.FINDINGS;
  },
});

async function locked(
  before: LockFile,
  references: readonly string[],
  platforms: readonly string[],
  mirrors: Readonly<Record<string, string>>,
  { environment, terminal }: Session,
): Promise<LockFile> {
  let lockFile = before;
  for (const reference of references) {
    const progress = terminal.progress(`locking ${reference}`);
    const onProgress = (done: number, total: number) => progress.update(done, total);
    const inspector = new ImageInspector({ environment, mirrors, onProgress });
    try {
      const { digest, facts } = await inspector.inspect({ kind: 'registry', reference, platforms });
      if (digest !== undefined) lockFile = lockFile.with(reference, digest, facts);
    } finally {
      progress.end();
      inspector.close();
    }
  }
  return lockFile;
}

function referencesIn(operands: readonly string[], session: Session): string[] {
  const references = operands.flatMap((operand) => {
    if (existsSync(resolve(session.directory, operand, 'manifest.json'))) return assemblyReferences(operand, session);
    const subject = subjectOf(operand, session.directory);
    if (subject.kind === 'dockerfile')
      return dockerfileReferences({ directory: join(subject.path, '..'), dockerfile: subject.path }, session);
    if (subject.kind !== 'reference')
      throw new UsageError(`${operand} is ${subject.description}, and has no reference to lock`);
    if (!tryParseReference(operand)) throw new UsageError(`${operand} is not an image reference`);
    return [operand];
  });
  return [...new Set(references.map(normaliseReference))];
}

function assemblyReferences(operand: string, session: Session): string[] {
  const origins = imageUses(readAssembly(resolve(session.directory, operand))).map(({ origin }) => origin);
  return origins.flatMap((origin) => originReferences(origin, session));
}

/** What is not a plain reference, such as one with deploy-time values, cannot be looked up now. */
function originReferences(origin: ImageOrigin, session: Session): string[] {
  if (origin.kind === 'dockerfile') return dockerfileReferences(origin, session);
  return origin.kind === 'reference' && tryParseReference(origin.reference) ? [origin.reference] : [];
}

function dockerfileReferences(
  build: { readonly directory: string; readonly dockerfile: string; readonly target?: string },
  { environment }: Session,
): string[] {
  const { base } = analyseDockerfile(readBuild({ ...build, environment }));
  return base.kind === 'image' ? [base.reference] : [];
}

function tell(before: LockFile, after: LockFile, references: readonly string[], { terminal }: Session): void {
  const changed = references.filter(
    (reference) => before.tryFind(reference)?.digest !== after.tryFind(reference)?.digest,
  );
  for (const reference of references) {
    const image = after.tryFind(reference);
    const [old, now] = [before.tryFind(reference)?.digest, image?.digest];
    const found = Object.values(image?.platforms ?? {}).some(({ tools }) => tools.length > 0);
    const state = old === undefined ? 'locked' : old === now ? 'unchanged' : 'moved';
    const warning = found ? `  ${terminal.style('red', 'has a shell or a package manager')}` : '';
    terminal.print(`${state.padEnd(9)}  ${reference}@${now}${warning}`);
  }
  terminal.note(`${count(references.length, 'reference')}, ${changed.length} changed`);
}
