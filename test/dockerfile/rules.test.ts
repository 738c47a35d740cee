import { analyseDockerfile } from '../../lib/dockerfile/analyse';
import type { BuildRequest, DockerfileAnalysis } from '../../lib/dockerfile/analysis';

const LATEST = (name: string): string => `docker.io/library/${name}:latest`;

function analyse(text: string, request: Partial<BuildRequest> = {}): DockerfileAnalysis {
  const describeImage = (): { env: Record<string, string>; envComplete: boolean } => ({ env: {}, envComplete: true });
  return analyseDockerfile({ text, file: 'Dockerfile', describeImage, ...request });
}

function baseOf(analysis: DockerfileAnalysis): string {
  const { base } = analysis;
  if (analysis.refusal) return 'refused';
  return base.kind === 'image' ? base.reference : base.kind;
}

type Case = readonly [rule: string, dockerfile: string, base: string, request?: Partial<BuildRequest>];

const STATIC = 'FROM gcr.io/distroless/static\n';
const DISTROLESS = 'gcr.io/distroless/static:latest';

/** What the rules P1 to P6 and S1 to S17 make of small files; `refused` where BuildKit gives up. */
const CASES: readonly Case[] = [
  ['P1 a bare carriage return ends no line', `${STATIC}# c\rFROM busybox`, DISTROLESS],
  ['P1 a byte order mark is passed over', `\ufeff${STATIC}`, DISTROLESS],
  ['P1 a byte order mark further down is not', `${STATIC}\ufeffFROM busybox`, 'refused'],
  ['P1 a byte order mark that begins a word', 'FROM \ufeffbusybox', LATEST('busybox')],
  ['P2 a key that is none ends the directives', '# a=b\n# escape=`\nFROM busybox', LATEST('busybox')],
  ['P2 a blank line ends the directives', '\n# escape=`\nFROM alpine \\\nAS x', LATEST('alpine')],
  ['P2 a directive given twice', '# escape=`\n# escape=`\nFROM busybox', 'refused'],
  ['P2 a directive whose value is blank', '# escape= \nFROM busybox', 'refused'],
  ['P2 an indented directive', '  # escape=`\nFROM busy`\nbox', LATEST('busybox')],
  ['P2 checks that BuildKit knows', '# check=skip=all;experimental=A,B\nFROM busybox', LATEST('busybox')],
  ['P2 checks that change nothing in what is built', '# check=error=true\nfrom busybox', LATEST('busybox')],
  ['P2 checks behind #!, and what follows the first word', '#!/x\n# check=skip=a b\nFROM busybox', LATEST('busybox')],
  ['P2 checks that BuildKit does not know', '# check=all\nFROM busybox', 'refused'],
  ['P2 checks that are neither on nor off', '# check=skip=all;error=yes\nFROM busybox', 'refused'],
  ['P2 checks given by argument', 'FROM busybox', 'refused', { buildArgs: { BUILDKIT_DOCKERFILE_CHECK: 'x=y' } }],
  ['P3 an escape before the escape', `${STATIC}WORKDIR /x\\\\\nFROM busybox`, LATEST('busybox')],
  ['P3 blanks behind the escape', `${STATIC}WORKDIR /x\\ \t\nFROM busybox`, DISTROLESS],
  ['P3 comments inside of a line', 'FROM \\\n # x\nbusybox', LATEST('busybox')],
  ['P4 other blanks behind a keyword', 'FROM\fbusybox', LATEST('busybox')],
  ['P4 a blank that ends no keyword', 'FROM\u00a0busybox', 'refused'],
  ['P4 blanks of all kinds before a keyword', `${STATIC}\u0085\u2003FROM busybox`, LATEST('busybox')],
  ['P4 quotes in a flag', 'FROM --platform="linux/arm64" busybox', LATEST('busybox')],
  ['P4 -- ends the flags', 'FROM -- busybox', LATEST('busybox')],
  ['P4 a keyword with the sign for Kelvin', `${STATIC}WOR\u212aDIR /x`, DISTROLESS],
  ['P5 a heredoc', `${STATIC}RUN <<EOF\nFROM busybox\nEOF`, DISTROLESS],
  ['P5 a heredoc of another file descriptor', `${STATIC}RUN 3<<EOF x\nFROM busybox\nEOF`, DISTROLESS],
  ['P5 a heredoc in quotes', `${STATIC}RUN echo ' <<EOF '\nFROM busybox`, LATEST('busybox')],
  ['P5 a heredoc without a name', `${STATIC}RUN <<''\nFROM busybox`, LATEST('busybox')],
  ['P5 quotes that do not close', `${STATIC}RUN it's <<EOF\nFROM busybox`, LATEST('busybox')],
  ['P5 a heredoc held back', `${STATIC}ONBUILD RUN <<EOF\nFROM busybox\nEOF`, DISTROLESS],
  ['P5 a heredoc where none can be', `${STATIC}LABEL a=<<EOF\nFROM busybox`, LATEST('busybox')],
  ['P6 JSON of other things than strings', `${STATIC}CMD ["a", 1]`, 'refused'],
  ['S1 AS in any case', 'FROM alpine aS X\nFROM x', LATEST('alpine')],
  ['S1 AS with a long s', 'FROM alpine a\u017f x\nFROM x', LATEST('alpine')],
  ['S1 a name that begins with a number', 'FROM alpine AS 1x', 'refused'],
  ['S1 a dotted capital I', 'FROM alpine AS \u0130x\nFROM ix', LATEST('alpine')],
  ['S2 an instruction before the first FROM', 'ENV a=b\nFROM alpine', 'refused'],
  [
    'S3 a predefined argument that is given',
    'FROM x:$TARGETARCH',
    'docker.io/library/x:evil',
    { buildArgs: { TARGETARCH: 'evil' } },
  ],
  [
    'S3 the variant of a platform',
    'FROM x:$TARGETARCH$TARGETVARIANT',
    'docker.io/library/x:armv7',
    { platform: 'linux/arm/v7' },
  ],
  [
    'S3 the target stage, as it was given',
    'FROM x:$TARGETSTAGE AS p\nFROM y',
    'docker.io/library/x:P',
    { target: 'P' },
  ],
  ['S4 a given value is taken as it is', 'ARG A\nFROM $A', 'refused', { buildArgs: { A: '"alpine"' } }],
  ['S4 an empty value', 'ARG A=x\nFROM ${A:-alpine}', LATEST('alpine'), { buildArgs: { A: '' } }],
  ['S4 an argument that nobody declared', 'FROM ${A:-alpine}', LATEST('alpine'), { buildArgs: { A: 'busybox' } }],
  ['S4 an argument named like a method', 'ARG constructor\nFROM ${constructor:-alpine}', LATEST('alpine')],
  ['S5 arguments of a stage', 'FROM alpine AS a\nARG B=busybox\nFROM ${B:-debian}', LATEST('debian')],
  ['S6 the shortest and the longest prefix', 'ARG V=a.b.c\nFROM x:${V#*.}-${V##*.}', 'docker.io/library/x:b.c-c'],
  ['S6 a modifier in a modifier', 'FROM ${A:-${B:-busybox}}', LATEST('busybox')],
  ['S6 a modifier that is none', 'FROM ${A^^}', 'refused'],
  ['S7 a stage with a capital letter', 'FROM busybox AS Build\nFROM Build', 'refused'],
  ['S7 a later stage', 'FROM b\nFROM alpine AS b', LATEST('alpine')],
  ['S7 a tag is no part of a stage', 'FROM busybox AS debian\nFROM debian:latest', LATEST('debian')],
  ['S8 a stage named scratch', 'FROM alpine AS scratch\nFROM scratch', LATEST('alpine')],
  ['S8 scratch with a tag', 'FROM scratch:latest', LATEST('scratch')],
  ['S9 a copy from a later stage', 'FROM a AS x\nCOPY --from=y a a\nFROM b AS y\nFROM x', 'refused'],
  [
    'S9 the number of an image that was copied from',
    'FROM scratch\nCOPY --from=busybox a b\nCOPY --from=1 a b',
    'scratch',
  ],
  ['S9 a number that is none', 'FROM scratch\nCOPY --from=+9 a b', 'refused'],
  ['S9 a mount from a variable', 'FROM alpine\nRUN --mount=from=$x,target=/a b', 'refused'],
  ['S10 a target by number', 'FROM alpine\nFROM busybox', 'refused', { target: '0' }],
  [
    'S11 what is wrong in a stage that nobody needs',
    'FROM alpine\nCOPY --chmod=9 a b\nFROM busybox',
    LATEST('busybox'),
  ],
  ['S11 the name of an image that nobody needs', 'FROM UPPER\nFROM busybox', 'refused'],
  [
    'S12 a trigger that copies from a later stage',
    'FROM a AS x\nONBUILD COPY --from=y a a\nFROM x AS z\nFROM b AS y\nFROM z',
    'refused',
  ],
  ['S12 a trigger is not handed down twice', 'FROM alpine AS x\nONBUILD EXPOSE bad\nFROM scratch', 'scratch'],
  [
    'S13 a context for a stage',
    'FROM alpine AS x\nRUN false',
    LATEST('busybox'),
    { buildContexts: { x: 'docker-image://busybox' } },
  ],
  [
    'S13 a context for an image',
    'FROM alpine:latest',
    LATEST('busybox'),
    { buildContexts: { alpine: 'docker-image://busybox' } },
  ],
  [
    'S13 a context by the full name',
    'FROM alpine',
    LATEST('busybox'),
    { buildContexts: { 'docker.io/library/alpine:latest': 'docker-image://busybox' } },
  ],
  [
    'S13 a context for another tag',
    'FROM alpine:3',
    'docker.io/library/alpine:3',
    { buildContexts: { alpine: 'docker-image://busybox' } },
  ],
  [
    'S13 scratch cannot be replaced',
    'FROM scratch',
    'scratch',
    { buildContexts: { scratch: 'docker-image://busybox' } },
  ],
  ['S13 a context that is a directory', 'FROM alpine', 'context', { buildContexts: { alpine: './x' } }],
  [
    'S13 a context that is the empty image',
    'FROM alpine',
    'scratch',
    { buildContexts: { alpine: 'docker-image://scratch' } },
  ],
  ['S16 COPY of a URL', `${STATIC}COPY https://example.com/x /`, 'refused'],
];

describe('what a Dockerfile is built on', () => {
  test.each(CASES.map(([rule, text, base, request]) => ({ rule, text, base, request })))('$rule', (entry) => {
    expect(baseOf(analyse(entry.text, entry.request))).toBe(entry.base);
  });
});

describe('what keeps an analysis from being a proof', () => {
  test.each([
    ['a frontend of its own', '# syntax=evil/frontend:1\nFROM scratch', {}],
    ['a frontend behind //', '// syntax=evil/frontend:1\n', {}],
    ['a frontend in JSON', '{"syntax": "evil/frontend:1"}', {}],
    ['a frontend behind #!', '#!/bin/x\n# syntax=evil/frontend:1\nFROM scratch', {}],
    ['a frontend by argument', 'FROM scratch', { buildArgs: { BUILDKIT_SYNTAX: 'evil/frontend' } }],
    [
      "Docker's frontend, replaced",
      '# syntax=docker/dockerfile:1\nFROM scratch',
      { buildContexts: { 'docker/dockerfile:1': 'docker-image://x' } },
    ],
    ['a value of CDK that is not known yet', 'FROM scratch', { buildArgs: { A: '${Token[TOKEN.1]}' } }],
    ['what the caller says', 'FROM scratch', { disturbances: ['x'] }],
    ['a base that is no image', 'FROM alpine', { buildContexts: { alpine: 'https://example.com/x.tar' } }],
    ['a user that the base image knows', 'FROM alpine\nUSER $APP', { describeImage: () => ({}) }],
  ])('%s', (_what, text, request: Partial<BuildRequest>) => {
    const analysis = analyse(text, request);
    expect(analysis.refusal).toBeUndefined();
    expect(analysis.unproven).not.toEqual([]);
  });

  test.each(['docker/dockerfile:1', 'docker/dockerfile:1.7-labs', 'docker.io/docker/dockerfile-upstream:master'])(
    'is not the frontend %s',
    (syntax) => {
      expect(analyse(`# syntax=${syntax}\nFROM scratch`).unproven).toEqual([]);
    },
  );

  test('takes the user of .NET from the catalogue', () => {
    const text = 'FROM mcr.microsoft.com/dotnet/runtime:10.0-noble-chiseled\nUSER $APP_UID';
    expect(analyseDockerfile({ text, file: 'Dockerfile' })).toMatchObject({ user: { value: '1654' }, unproven: [] });
  });
});

describe('a refusal', () => {
  test('says where it happened, in what', () => {
    expect(analyse('FROM alpine\n\nRUN a \\\n  b\nCOPY --chmod=9 \\\n   a b').refusal?.location).toEqual({
      file: 'Dockerfile',
      line: 5,
      text: 'COPY --chmod=9 a b',
    });
  });

  test('points at the base of a stage', () => {
    const [, second] = analyse('FROM alpine\nFROM   busybox \\\n  AS x').stages;
    expect(second.location).toMatchObject({ line: 2, column: 8, text: 'FROM busybox AS x' });
  });
});
