import { gzipSync } from 'node:zlib';
import { analyseDockerfile } from '../../lib/dockerfile/analyse';
import type { BuildRequest, Introduction } from '../../lib/dockerfile/analysis';
import { BUSYBOX, memoryContext, PROGRAM, tar } from './memory-context';

const STATIC = 'FROM gcr.io/distroless/static-debian13:nonroot';

const CONTEXT = memoryContext({
  'app.js': 'console.log(1)',
  'bin/start': '#!/bin/sh\nexec app\n',
  server: PROGRAM,
  'tools/innocent': BUSYBOX,
  'links/sh': { link: '../tools/innocent' },
  'links/out': { link: '/../../tools/innocent' },
  'links/loop': { link: 'loop' },
  'links/dir': { link: '../tools' },
  sh: 'just text',
  'rootfs.txt': tar({ 'bin/innocent': BUSYBOX, 'etc/passwd': 'root' }),
  'rootfs.bin': gzipSync(tar({ 'usr/bin/x': BUSYBOX })),
  'data.tar': tar({ 'data/a': 'a' }),
  'broken.tar': tar({ a: PROGRAM }).subarray(0, 600),
  'packed.tar.xz': Buffer.from('\xfd7zXZ\0 and so on', 'latin1'),
  'not-a.tar': 'text',
  'vendor/node_modules/npm/package.json': '{}',
});

function analyse(text: string, request: Partial<BuildRequest> = {}) {
  return analyseDockerfile({ text, file: 'Dockerfile', context: CONTEXT, ...request });
}

function worst(introductions: readonly Introduction[]): string {
  const verdicts = introductions.map(({ verdict }) => verdict);
  return (
    verdicts.find((verdict) => verdict === 'violation') ?? verdicts.find((verdict) => verdict === 'unproven') ?? 'ok'
  );
}

type Case = readonly [
  what: string,
  dockerfile: string,
  verdict: 'ok' | 'violation' | 'unproven',
  tools?: readonly string[],
];

function named(cases: readonly Case[]) {
  return cases.map(([what, text, verdict, tools]) => ({ what, text, verdict, tools }));
}

/** The numbers are those of the hard cases that the analysis has to decide. */
const CASES: readonly Case[] = [
  ['1 a shell from an image', `${STATIC}\nCOPY --from=busybox /bin/sh /bin/sh`, 'violation', ['sh /bin/sh']],
  ['1 a shell from a stage', `FROM debian AS b\n${STATIC}\nCOPY --from=b /bin/bash /x`, 'violation', ['bash /x']],
  [
    '1 a shell into a directory',
    `FROM debian AS b\n${STATIC}\nCOPY --from=b /bin/bash /x/`,
    'violation',
    ['bash /x/bash'],
  ],
  [
    '2 a renamed busybox',
    `${STATIC}\nCOPY --from=busybox:1.36 /bin/busybox /app/tool`,
    'violation',
    ['busybox /app/tool'],
  ],
  ['2 an applet of busybox', `${STATIC}\nCOPY --from=busybox /bin/wget /wget`, 'violation', ['busybox /wget']],
  ['2 an applet of Alpine', `${STATIC}\nCOPY --from=alpine:3.22 /bin/ls /ls`, 'violation', ['busybox /ls']],
  ['3 a command that may be a link', `FROM debian AS b\n${STATIC}\nCOPY --from=b /usr/bin/x /app`, 'unproven'],
  ['4 a whole file system', `FROM debian AS b\n${STATIC}\nCOPY --from=b / /`, 'violation', ['sh /bin/sh']],
  ['4 /usr', `FROM debian AS b\n${STATIC}\nCOPY --from=b /usr /y`, 'violation', ['sh /y/bin/sh']],
  ['4 /bin', `FROM debian AS b\n${STATIC}\nCOPY --from=b /bin /y`, 'violation', ['sh /y/sh']],
  ['4 /usr/bin in disguise', `FROM debian AS b\n${STATIC}\nCOPY --from=b /app/.././usr//bin/ /y`, 'violation'],
  ['4 /usr/local', `FROM debian AS b\n${STATIC}\nCOPY --from=b /usr/local /usr/local`, 'unproven'],
  ['4 /rootfs', `FROM debian AS b\n${STATIC}\nCOPY --from=b /rootfs /`, 'unproven'],
  ['4 commands by wildcard', `FROM debian AS b\n${STATIC}\nCOPY --from=b /bin/* /y/`, 'violation', ['sh /y/sh']],
  ['4 directories by wildcard', `FROM debian AS b\n${STATIC}\nCOPY --from=b /* /y/`, 'violation', ['sh /y/sh']],
  ['4 a shell by brackets', `FROM debian AS b\n${STATIC}\nCOPY --from=b /bin/[s]? /y/`, 'violation', ['sh /y/sh']],
  ['4 some commands by wildcard', `FROM debian AS b\n${STATIC}\nCOPY --from=b /usr/bin/g* /y/`, 'unproven'],
  ['4 the app by wildcard', `FROM debian AS b\n${STATIC}\nCOPY --from=b /out/*.jar /app.jar`, 'ok'],
  ['4 --parents', `FROM debian AS b\n${STATIC}\nCOPY --parents --from=b /out/app /`, 'unproven'],
  [
    '4 --parents of a shell',
    `FROM debian AS b\n${STATIC}\nCOPY --parents --from=b /./bin/sh /x`,
    'violation',
    ['sh /x/bin/sh'],
  ],
  ['4 / of a stage that has no shell', `FROM scratch AS b\nCOPY server /app\n${STATIC}\nCOPY --from=b / /`, 'ok'],
  ['4 / of a distroless image', `${STATIC}\nCOPY --from=gcr.io/distroless/static-debian13 / /`, 'ok'],
  ['4 / of an image that nobody knows', `${STATIC}\nCOPY --from=registry.example.com/a/b / /`, 'unproven'],
  [
    '4 / of a stage whose RUN shows a shell',
    `FROM registry.example.com/a AS b\nRUN make\n${STATIC}\nCOPY --from=b / /`,
    'violation',
  ],
  ['4 / of a stage with a RUN in exec form', `FROM scratch AS b\nRUN ["/x"]\n${STATIC}\nCOPY --from=b / /`, 'unproven'],
  ['4 / but for what is excluded', `FROM debian AS b\n${STATIC}\nCOPY --from=b --exclude=bin/* / /`, 'unproven'],
  ['5 a named file', `FROM golang AS b\nRUN go build -o /out/app\n${STATIC}\nCOPY --from=b /out/app /app`, 'ok'],
  ['5 a directory of the app', `FROM golang AS b\nRUN make\n${STATIC}\nCOPY --from=b /src/dist /app`, 'ok'],
  [
    '5 a file of an image of which nothing is known',
    `${STATIC}\nCOPY --from=public.ecr.aws/awsguru/aws-lambda-adapter:0.9.1 /lambda-adapter /opt/x`,
    'unproven',
  ],
  ['5 a file of an image that has a shell', `${STATIC}\nCOPY --from=alpine:3.22 /opt/tool /tool`, 'unproven'],
  ['5 a file of an image without a shell', `${STATIC}\nCOPY --from=gcr.io/distroless/cc-debian13 /opt/x /x`, 'ok'],
  ['5 certificates of an image', `${STATIC}\nCOPY --from=alpine:3.22 /etc/ssl/certs /etc/ssl/certs`, 'ok'],
  [
    '5 npm, in the modules of a builder',
    `FROM node:24 AS b\nRUN npm ci\n${STATIC}\nCOPY --from=b /usr/local/lib/node_modules /m`,
    'violation',
    ['npm /m/npm'],
  ],
  [
    '5 pip, in the packages of a builder',
    `FROM python:3.13-slim AS b\nRUN pip install flask\n${STATIC}\nCOPY --from=b /usr/local/lib/python3.13/site-packages /m`,
    'violation',
    ['pip /m/pip'],
  ],
  [
    '5 one package of a builder',
    `FROM python:3.13-slim AS b\nRUN pip install flask\n${STATIC}\nCOPY --from=b /usr/local/lib/python3.13/site-packages/flask /m`,
    'ok',
  ],
  [
    '5 certificates',
    `FROM alpine AS b\n${STATIC}\nCOPY --from=b /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/`,
    'ok',
  ],
  ['5 time zones', `FROM debian AS b\n${STATIC}\nCOPY --from=b /usr/share/zoneinfo /usr/share/zoneinfo`, 'ok'],
  [
    '5 into the place of a shell',
    `FROM golang AS b\nRUN make\n${STATIC}\nCOPY --from=b /out/app /bin/sh`,
    'violation',
    ['sh /bin/sh'],
  ],
  [
    '5 a package manager',
    `${STATIC}\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /uvx /bin/`,
    'violation',
    ['uv /bin/uv', 'uv /bin/uvx'],
  ],
  ['6 an archive, whatever its name', `${STATIC}\nADD rootfs.txt /`, 'violation', ['busybox /bin/innocent']],
  ['6 a packed archive', `${STATIC}\nADD rootfs.bin /y`, 'violation', ['busybox /y/usr/bin/x']],
  ['6 an archive without tools', `${STATIC}\nADD data.tar /`, 'ok'],
  ['6 an archive by COPY', `${STATIC}\nCOPY rootfs.txt /`, 'ok'],
  ['6 an archive that stays one', `${STATIC}\nADD --unpack=false rootfs.txt /`, 'ok'],
  ['6 an archive that ends early', `${STATIC}\nADD broken.tar /`, 'unproven'],
  ['6 an archive that cannot be unpacked here', `${STATIC}\nADD packed.tar.xz /`, 'unproven'],
  ['6 what is no archive', `${STATIC}\nADD not-a.tar /`, 'ok'],
  ['7 a download', `${STATIC}\nADD https://example.com/x /x`, 'unproven'],
  [
    '7 a download with a checksum',
    `${STATIC}\nADD --checksum=sha256:${'a'.repeat(64)} https://example.com/x /x`,
    'unproven',
  ],
  ['7 a repository', `${STATIC}\nADD git@github.com:a/b.git /x`, 'unproven'],
  [
    '7 a download behind a stage',
    `FROM scratch AS b\nADD https://example.com/x /x\n${STATIC}\nCOPY --from=b /x /y`,
    'unproven',
  ],
  ['8 --link', `${STATIC}\nCOPY --link --from=busybox /bin/sh /x`, 'violation', ['sh /x']],
  ['12 RUN in shell form', `${STATIC}\nRUN true`, 'violation', ['sh /bin/sh']],
  ['12 RUN in exec form', `${STATIC}\nRUN ["/x"]`, 'unproven'],
  ['12 RUN of a shell in exec form', `${STATIC}\nRUN ["bash", "-c", "x"]`, 'violation', ['bash /bin/bash']],
  ['12 RUN by another shell', `${STATIC}\nSHELL ["/busybox/sh", "-c"]\nRUN x`, 'violation', ['sh /busybox/sh']],
  [
    '12 RUN with tools of an image',
    `${STATIC}\nRUN --mount=from=busybox,target=/bb ["/bb/bin/busybox", "cp", "/bb/bin/sh", "/x"]`,
    'violation',
  ],
  [
    '12 RUN with a mounted shell',
    `${STATIC}\nRUN --mount=from=busybox,source=/bin,target=/bin cp /bin/true /x`,
    'unproven',
  ],
  ['12 RUN with a heredoc', `${STATIC}\nRUN <<EOF\ntrue\nEOF`, 'violation', ['sh /bin/sh']],
  ['12 RUN in a stage that is a base', `${STATIC} AS a\nRUN ["/x"]\nFROM a\nCOPY app.js /`, 'unproven'],
  ['13 a trigger of a stage', `${STATIC} AS a\nONBUILD COPY --from=busybox /bin/sh /x\nFROM a`, 'violation', ['sh /x']],
  [
    '23 a context with a shell',
    `${STATIC}\nCOPY . /x`,
    'violation',
    ['npm /x/vendor/node_modules/npm/package.json', 'busybox /x/tools/innocent'],
  ],
  ['23 a directory without one', `${STATIC}\nCOPY bin /app/`, 'ok'],
  ['23 one file', `${STATIC}\nCOPY server app.js /app/`, 'ok'],
  ['23 a program as a shell', `${STATIC}\nCOPY server /bin/bash`, 'violation', ['bash /bin/bash']],
  ['23 a link to a shell, followed', `${STATIC}\nCOPY links/sh /app/x`, 'violation', ['busybox /app/x']],
  ['23 a link that cannot leave the context', `${STATIC}\nCOPY links/out /app/x`, 'violation', ['busybox /app/x']],
  ['23 a link to itself', `${STATIC}\nCOPY links/loop /app/x`, 'ok'],
  ['23 a path through a link', `${STATIC}\nCOPY links/dir/inno* /app/`, 'violation', ['busybox /app/innocent']],
  ['23 links that are copied as links', `${STATIC}\nCOPY links /app/`, 'ok'],
  [
    '23 a package manager by its files',
    `${STATIC}\nCOPY vendor /app/`,
    'violation',
    ['npm /app/node_modules/npm/package.json'],
  ],
  ['23 by wildcard', `${STATIC}\nCOPY t*/inn* /app/`, 'violation', ['busybox /app/innocent']],
  [
    '23 --parents from the context',
    `${STATIC}\nCOPY --parents tools/innocent /app/`,
    'violation',
    ['busybox /app/tools/innocent'],
  ],
  ['24 a script', `${STATIC}\nCOPY bin/start /bin/sh`, 'ok'],
  ['24 a text named sh', `${STATIC}\nCOPY sh /bin/sh`, 'ok'],
  ['31 scratch and a whole image', `FROM scratch\nCOPY --from=debian / /`, 'violation', ['sh /bin/sh']],
  ['38 a heredoc with a script', `${STATIC}\nCOPY <<EOF /bin/sh\n#!/bin/x\nEOF`, 'ok'],
  ['38 a heredoc with machine code', `${STATIC}\nCOPY <<EOF /bin/sh\n\x7fELF\nEOF`, 'violation', ['sh /bin/sh']],
  ['harmless instructions', `${STATIC}\nWORKDIR /x\nVOLUME /y\nUSER 1\nEXPOSE 80\nLABEL a=b`, 'ok'],
];

describe('what comes into an image', () => {
  test.each(named(CASES))('$what', ({ text, verdict, tools }) => {
    const analysis = analyse(text);
    expect(analysis.refusal).toBeUndefined();
    expect(worst(analysis.introductions)).toBe(verdict);
    const found = analysis.introductions.flatMap((introduction) => introduction.tools);
    if (tools) expect(found.map(({ kind, path }) => `${kind} ${path}`)).toEqual(tools);
    else if (verdict === 'ok') expect(found).toEqual([]);
  });
});

/** Tools that go through several stages before they reach the image. */
const CHAINS: readonly Case[] = [
  [
    'a directory over the tool',
    'COPY --from=busybox /bin/busybox /opt/x/tool\nFROM scratch\nCOPY --from=b /opt/x /app',
    'violation',
    ['busybox /app/tool'],
  ],
  [
    'the tool itself',
    'COPY --from=busybox /bin/busybox /opt/x/tool\nFROM scratch\nCOPY --from=b /opt/x/tool /app/t',
    'violation',
    ['busybox /app/t'],
  ],
  [
    'a wildcard',
    'COPY --from=busybox /bin/busybox /opt/x/tool\nFROM scratch\nCOPY --from=b /opt/*/t* /app/',
    'violation',
    ['busybox /app/tool'],
  ],
  ['beside the tool', 'COPY --from=busybox /bin/busybox /opt/x/tool\nFROM scratch\nCOPY --from=b /opt/y /app', 'ok'],
  [
    'a whole image in a directory',
    'COPY --from=busybox / /image\nFROM scratch\nCOPY --from=b /image/bin/wget /w',
    'violation',
    ['busybox /w'],
  ],
  [
    'a second stage',
    'COPY --from=busybox /bin/sh /t\nFROM scratch AS c\nCOPY --from=b /t /u\nFROM scratch\nCOPY --from=c /u /v',
    'violation',
    ['sh /v'],
  ],
  [
    'a stage on top',
    'COPY --from=busybox /bin/sh /t\nFROM b AS c\nFROM scratch\nCOPY --from=c /t /v',
    'violation',
    ['sh /v'],
  ],
  ['the context', 'COPY . /src\nFROM scratch\nCOPY --from=b /src/tools /app', 'violation', ['busybox /app/innocent']],
  [
    'the context under an unknown directory',
    'COPY tools tools\nFROM scratch\nCOPY --from=b /w/tools /app',
    'violation',
    ['busybox /app/innocent'],
  ],
  ['the context without the tool', 'COPY . /src\nFROM scratch\nCOPY --from=b /src/bin /app', 'ok'],
  [
    'a copy by RUN',
    'RUN mkdir /out && cp /bin/busybox /out/tool\nFROM scratch\nCOPY --from=b /out /app',
    'violation',
    ['busybox /app/tool'],
  ],
  ['a link by RUN', 'RUN ln -s /bin/bash /out\nFROM scratch\nCOPY --from=b /out /app', 'violation', ['bash /app']],
  [
    'a copy in exec form',
    'RUN ["cp", "/bin/sh", "/out/"]\nFROM scratch\nCOPY --from=b /out /app',
    'violation',
    ['sh /app/sh'],
  ],
  ['an archive', 'ADD rootfs.txt /r\nFROM scratch\nCOPY --from=b /r/bin/innocent /app', 'violation', ['busybox /app']],
  ['a number for a name', 'COPY --from=busybox /bin/sh /t\nFROM scratch\nCOPY --from=0 /t /v', 'violation', ['sh /v']],
];

/** `vendor` holds npm, `tools` a busybox under another name. */
const EXCLUSIONS: readonly Case[] = [
  ['directories', `${STATIC}\nCOPY --exclude=tools --exclude=vendor . /x`, 'ok'],
  ['one of two', `${STATIC}\nCOPY --exclude=vendor . /x`, 'violation', ['busybox /x/tools/innocent']],
  ['a pattern', `${STATIC}\nCOPY --exclude=*/inn* --exclude=**/npm . /x`, 'ok'],
  ['paths below the source', `${STATIC}\nCOPY --exclude=innocent tools /x`, 'ok'],
  ['paths of the context', `${STATIC}\nCOPY --exclude=tools/innocent tools /x`, 'violation'],
  ['paths below what a wildcard stands for', `${STATIC}\nCOPY --exclude=innocent too* /x/`, 'ok'],
  [
    'an exception',
    `${STATIC}\nCOPY --exclude=tools --exclude=vendor --exclude=!tools/inn* . /x`,
    'violation',
    ['busybox /x/tools/innocent'],
  ],
  ['a path with a slash in front', `${STATIC}\nCOPY --exclude=/innocent tools /x`, 'violation'],
  ['what follows the pivot', `${STATIC}\nCOPY --parents --exclude=tools ./tools/innocent /x/`, 'ok'],
  ['a file that is named itself', `${STATIC}\nCOPY --exclude=inn* tools/innocent /x`, 'unproven'],
  ['another file than the one that is named', `${STATIC}\nCOPY --exclude=*.md tools/innocent /x`, 'violation'],
  ['a pattern that cannot be read', `${STATIC}\nCOPY --exclude=[ tools /x`, 'unproven'],
  ['what an archive holds', `${STATIC}\nADD --exclude=bin rootfs.txt /`, 'violation', ['busybox /bin/innocent']],
  ['an image in part', `${STATIC}\nCOPY --from=debian --exclude=bin / /`, 'unproven'],
  [
    'what an image has beside its shell',
    `${STATIC}\nCOPY --from=debian --exclude=*.md / /`,
    'violation',
    ['sh /bin/sh'],
  ],
  [
    'what a stage would have had',
    `FROM scratch AS b\nCOPY --exclude=tools . /src\n${STATIC}\nCOPY --from=b /src/tools /x`,
    'ok',
  ],
  [
    'nothing that a stage has all the same',
    `FROM scratch AS b\nCOPY --exclude=tools . /src\n${STATIC}\nCOPY --from=b /src /x`,
    'violation',
    ['npm /x/vendor/node_modules/npm/package.json'],
  ],
];

describe('--exclude leaves out', () => {
  test.each(named(EXCLUSIONS))('$what', ({ text, verdict, tools }) => {
    const { refusal, introductions } = analyse(text);
    expect(refusal).toBeUndefined();
    expect(worst(introductions)).toBe(verdict);
    const found = introductions.flatMap((introduction) => introduction.tools);
    if (tools) expect(found.map(({ kind, path }) => `${kind} ${path}`)).toEqual(tools);
  });
});

describe('what goes through other stages first', () => {
  test.each(named(CHAINS))('$what', ({ text, verdict, tools = [] }) => {
    const analysis = analyse(`FROM registry.example.com/builder AS b\n${text}`, {
      describeImage: (reference) => (reference.includes('builder') ? { hasShell: true } : undefined),
    });
    expect(analysis.refusal).toBeUndefined();
    expect(worst(analysis.introductions)).toBe(verdict);
    const found = analysis.introductions.flatMap((introduction) => introduction.tools);
    expect(found.map(({ kind, path }) => `${kind} ${path}`)).toEqual(tools);
  });

  test('shows each line that the tool comes through', () => {
    const { introductions } = analyse(
      [
        'FROM busybox:1.37 AS tools',
        'FROM scratch AS mid',
        'COPY --from=tools /bin/busybox /x',
        'FROM scratch',
        'COPY --from=mid /x /y',
      ].join('\n'),
    );
    expect(introductions[0].trace.map(({ line }) => line)).toEqual([5, 2, 3, 1]);
    expect(introductions[0].trace[0]).toMatchObject({ column: 17, text: 'COPY --from=mid /x /y' });
    expect(introductions[0].reason).toContain('busybox reaches the image as /y');
  });
});
