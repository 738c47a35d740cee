import { defineCommand, singleOperand, type FlagValues, type Flags } from '../command';
import { ExitCode } from '../exit-code';
import { worstVerdict, type Inspection } from '../inspection/inspection';
import { inspectionJson } from '../inspection/inspection-json';
import { inspectionMarkdown } from '../inspection/inspection-markdown';
import { inspectionText } from '../inspection/inspection-text';
import type * as inspectBuildFile from '../inspection/inspect-build';
import type * as inspectStoredFile from '../inspection/inspect-stored';
import { subjectOf } from '../inspection/subject';
import { parseAssignments } from '../assignments';
import type { Session } from '../session';
import { UsageError } from '../usage-error';

const FORMATS = ['text', 'json', 'markdown'] as const;

const FLAGS = {
  format: { type: 'string', value: 'FORMAT', choices: FORMATS, description: 'how to print the facts (text)' },
  platform: {
    type: 'string',
    value: 'OS/ARCH',
    multiple: true,
    description: 'only this platform of an image that has several',
  },
  from: {
    type: 'string',
    value: 'WHERE',
    choices: ['daemon', 'registry'],
    description: 'where to look for an image (daemon, then registry)',
  },
  'build-arg': {
    type: 'string',
    value: 'KEY=VALUE',
    multiple: true,
    description: 'Dockerfile: a build argument, as for docker build',
  },
  target: { type: 'string', value: 'STAGE', description: 'Dockerfile: the stage to build' },
  'build-context': {
    type: 'string',
    value: 'NAME=VALUE',
    multiple: true,
    description: 'Dockerfile: a named context, as for docker build',
  },
  context: { type: 'string', value: 'DIR', description: "Dockerfile: the build context (the Dockerfile's directory)" },
} as const satisfies Flags;

/** Tells what is in one image. */
export const inspect = defineCommand({
  name: 'inspect',
  summary: 'tell what is in an image, or what a Dockerfile would put into one',
  operands: 'IMAGE|TAR|DIR|Dockerfile',
  description:
    'Reads the layers of an image and tells its base, its user, its size, and every shell and package manager in it, also under\n' +
    'another name. An image is a reference, an archive of docker save, or an OCI layout. Of a Dockerfile it tells what BuildKit\n' +
    'would make of it: the chain of bases, what each instruction brings, and what cannot be proved without building.',
  flags: FLAGS,
  examples: [
    { line: 'inspect gcr.io/distroless/static-debian13:nonroot', does: 'is there a shell in this image?' },
    { line: 'inspect services/web/Dockerfile --target prod', does: 'what would this Dockerfile put into the image?' },
    { line: 'inspect app.tar --format json', does: 'facts for a program, of an archive' },
    { line: 'docker save app | cdk-distroless inspect -', does: 'the same without a file' },
  ],
  run: async (operands, flags, session) => {
    const operand = singleOperand(operands, 'image');
    if (operand === undefined) throw new UsageError('name an image, an archive, an OCI layout or a Dockerfile');
    const inspections = await inspectOperand(operand, flags, session);
    print(inspections, flags.format, session);
    return worstVerdict(inspections) === 'compliant' ? ExitCode.COMPLIANT : ExitCode.FINDINGS;
  },
});

const DOCKERFILE_FLAGS = ['build-arg', 'target', 'build-context', 'context'] as const;

async function inspectOperand(
  operand: string,
  flags: FlagValues<typeof FLAGS>,
  session: Session,
): Promise<readonly Inspection[]> {
  const subject = subjectOf(operand, session.directory);
  if (subject.kind === 'dockerfile') {
    if (flags.platform.length > 1) throw new UsageError('a Dockerfile is built for one --platform');
    const build = {
      buildArgs: parseAssignments(flags['build-arg'], '--build-arg', session.environment),
      buildContexts: parseAssignments(flags['build-context'], '--build-context', {}),
      target: flags.target,
      platform: flags.platform.at(0),
      context: flags.context,
    };
    return [ofDockerfiles().inspectBuild(subject, build, session)];
  }
  const given = DOCKERFILE_FLAGS.find((name) => flags[name] !== undefined && flags[name].length > 0);
  if (given) throw new UsageError(`--${given} is for Dockerfiles, and ${operand} is ${subject.description}`);
  return ofImages().inspectStored(subject, { platforms: flags.platform, from: flags.from }, session);
}

/* eslint-disable @typescript-eslint/no-require-imports -- Dockerfiles and images need much, and nothing in common */
const ofDockerfiles = () => require('../inspection/inspect-build') as typeof inspectBuildFile;
const ofImages = () => require('../inspection/inspect-stored') as typeof inspectStoredFile;
/* eslint-enable @typescript-eslint/no-require-imports */

function print(inspections: readonly Inspection[], format: string | undefined, { terminal }: Session): void {
  if (format === 'json') terminal.print(JSON.stringify(inspectionJson(inspections), undefined, 2));
  else if (format === 'markdown') terminal.print(inspections.map(inspectionMarkdown).join('\n\n'));
  else terminal.print(inspections.map((inspection) => inspectionText(inspection, terminal)).join('\n'));
}
