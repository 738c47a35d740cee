import { dirname, resolve } from 'node:path';
import { analyseDockerfile } from '../../dockerfile/analyse';
import { readBuild } from '../../dockerfile/sources/read-build';
import { factsFromDockerfile } from '../../policy/facts/facts-from-dockerfile';
import type { Session } from '../session';
import type { Inspection } from './inspection';
import { projectLock } from './project-lock';
import type { Subject } from './subject';

/** How the Dockerfile is built, as on the command line of docker build. */
export interface BuildFlags {
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly buildContexts: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly platform?: string;
  readonly context?: string;
}

/** Tells what building a Dockerfile would give. */
export function inspectBuild(
  { path, given }: Extract<Subject, { kind: 'dockerfile' }>,
  { context, ...build }: BuildFlags,
  { directory, environment }: Session,
): Inspection {
  const lock = projectLock(directory);
  const dockerfile = analyseDockerfile(
    readBuild({
      ...build,
      directory: context === undefined ? dirname(path) : resolve(directory, context),
      dockerfile: path,
      displayPath: given,
      environment,
    }),
  );
  const facts = factsFromDockerfile(dockerfile, {
    subject: given,
    platform: build.platform,
    evidence: (reference, platform) => lock.tryFindFacts(reference, platform),
  });
  return { facts, dockerfile };
}
