import type { BuildRequest, SourceLocation, UnprovenReason } from './analysis';
import { requestedSyntax } from './directives';
import { familiarName, parseReference } from './image-reference';

/** The frontends that Docker publishes: they read a Dockerfile as BuildKit does. */
const DOCKER_FRONTENDS = new Set(['docker/dockerfile', 'docker/dockerfile-upstream']);
/** A value that CDK only knows when the stack is deployed. */
const TOKEN = /\$\{Token\[[^\]]*\]\}/;

/** What there is around a build that keeps its analysis from being a proof. */
export function requestDoubts(request: BuildRequest, epochUnknown: boolean): UnprovenReason[] {
  const foreign = foreignSyntax(request);
  const reasons = [
    ...(request.disturbances ?? []),
    ...tokens(request).map((name) => `${name} is only known when the stack is deployed`),
    ...(epochUnknown ? ['SOURCE_DATE_EPOCH is only known when the image is built'] : []),
  ];
  return [
    ...(foreign === undefined ? [] : [foreignFrontend(request, foreign)]),
    ...reasons.map((reason) => ({ reason })),
  ];
}

function foreignFrontend(request: BuildRequest, frontend: string): UnprovenReason {
  const reason = `the Dockerfile is read by the frontend ${frontend}, not by BuildKit's own`;
  return { reason, location: request.buildArgs?.BUILDKIT_SYNTAX ? undefined : syntaxLine(request) };
}

/** The directive is among the first lines, in one of three notations that all name it. */
function syntaxLine({ file, text }: BuildRequest): SourceLocation | undefined {
  const lines = text.split('\n', 100);
  const index = lines.findIndex((line) => /syntax["']?\s*[=:]/i.test(line));
  return index < 0 ? undefined : { file, line: index + 1, text: lines[index].trim() };
}

/** The frontend that the build is handed to, unless it is one of Docker's. */
export function foreignSyntax(request: BuildRequest): string | undefined {
  const syntax = request.buildArgs?.BUILDKIT_SYNTAX || requestedSyntax(request.text);
  if (syntax === undefined) return undefined;
  const reference = parseReference(syntax);
  if ('invalid' in reference) return syntax;
  const name = familiarName({ name: reference.name });
  const replaced = Object.keys(request.buildContexts ?? {}).some((context) => isSameImage(context, name));
  return DOCKER_FRONTENDS.has(name) && !replaced ? undefined : syntax;
}

function isSameImage(context: string, name: string): boolean {
  const reference = parseReference(context.split('::', 1)[0]);
  return !('invalid' in reference) && familiarName({ name: reference.name }) === name;
}

function tokens(request: BuildRequest): string[] {
  const settings = [
    ...Object.entries(request.buildArgs ?? {}).map(([name, value]) => [`the build argument ${name}`, value] as const),
    ...Object.entries(request.buildContexts ?? {}).map(
      ([name, value]) => [`the build context ${name}`, value] as const,
    ),
    ['the target', request.target ?? ''] as const,
    ['the platform', request.platform ?? ''] as const,
  ];
  return settings.filter(([, value]) => TOKEN.test(value)).map(([name]) => name);
}
