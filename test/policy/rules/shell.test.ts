import { factsFromLayers } from '../../../lib/policy/facts/facts-from-layers';
import { built, FILE, GOOD_FACTS, layersOf, messagesOf, useWith, withTool } from '../samples';
import type { ToolFact } from '../../../lib/policy/image-facts';

const RULE = 'Shell';

function inLayer(layer: number, kind: string, ...paths: string[]): ToolFact[] {
  return paths.map((path) => ({ kind, path, by: 'path', trace: [{ layer, path: path.slice(1) }] }));
}

describe(RULE, () => {
  test('catches a shell that an instruction brings', () => {
    expect(messagesOf(RULE, useWith(), withTool({}))).toEqual(['busybox reaches the final image as /bin/sh']);
  });

  test('catches a shell under another name, and says how it is known', () => {
    expect(messagesOf(RULE, useWith(), withTool({ path: '/app/tool', by: 'content' }))).toEqual([
      'busybox reaches the final image as /app/tool, known by its content',
    ]);
  });

  test('catches what a Dockerfile copies', () => {
    const text =
      'FROM busybox:1.37 AS tools\nFROM gcr.io/distroless/static:nonroot\nCOPY --from=tools /bin/busybox /bin/sh\n';
    expect(messagesOf(RULE, useWith(), built(text))).toEqual(['busybox reaches the final image as /bin/sh']);
  });

  test('catches a RUN in shell form, which a base without a shell cannot have', () => {
    expect(messagesOf(RULE, useWith(), built('FROM gcr.io/distroless/static:nonroot\nRUN npm ci\n'))).toEqual([
      'sh is needed or left by a RUN of the final image as /bin/sh',
    ]);
  });

  test.each(['debian', 'gcr.io/distroless/static:debug'])(
    'catches not a RUN on %s, which is reported itself',
    (base) => {
      expect(messagesOf(RULE, useWith(), built(`FROM ${base}\nSHELL ["/busybox/sh", "-c"]\nRUN npm ci\n`))).toEqual([]);
    },
  );

  test('catches the names of one shell once, and two shells twice', () => {
    const shells = [
      ...inLayer(2, 'busybox', '/bin/ash', '/bin/busybox', '/bin/sh', '/bin/wget'),
      ...inLayer(2, 'bash', '/usr/bin/bash'),
      ...inLayer(3, 'bash', '/opt/bash'),
    ];
    expect(messagesOf(RULE, useWith(), { ...GOOD_FACTS, proof: 'layers', shells })).toEqual([
      'busybox is in the image as /bin/sh and 3 other names',
      'bash is in the image as /usr/bin/bash',
      'bash is in the image as /opt/bash',
    ]);
  });

  test.each([
    ['cgr.dev/chainguard/node', 'ships busybox and npm in every free tag'],
    [
      'gcr.io/distroless/python3-debian11:nonroot',
      'ships dash as /bin/sh in every tag, although it is called distroless',
    ],
    ['registry.k8s.io/build-image/distroless-iptables:v0.8.14', 'ships dash as /bin/sh'],
  ])('catches the base %s, which only has the name', (base, reason) => {
    expect(messagesOf(RULE, useWith(), built(`FROM ${base}`))[0]).toContain(reason);
  });

  test('catches an approved base that is known to have a shell', () => {
    const policy = { approvedBases: ['catalogue', 'debian'] };
    expect(messagesOf(RULE, useWith(), built('FROM debian:trixie'), policy)).toHaveLength(1);
  });

  test.each(['FROM debian', 'FROM gcr.io/distroless/static:debug', 'FROM gcr.io/distroless/static'])(
    'catches not %j, which is no rule or another',
    (text) => {
      expect(messagesOf(RULE, useWith(), built(text))).toEqual([]);
    },
  );

  test('catches the shell that a locked base turned out to have', () => {
    const evidence = () =>
      layersOf({
        tools: [
          {
            category: 'shell',
            kind: 'busybox',
            path: '/busybox/sh',
            by: 'content',
            trace: [{ layer: 0, path: 'busybox/sh' }],
          },
        ],
      });
    const facts = built(`FROM gcr.io/distroless/base-debian13@sha256:${'0'.repeat(64)}`, { evidence });
    expect(messagesOf(RULE, useWith(), facts)).toEqual([
      'busybox reaches the final image as /busybox/sh, known by its content',
    ]);
    expect(facts.shells[0].trace).toEqual([expect.objectContaining({ file: FILE, line: 1 })]);
  });

  test('catches not again what is in the layers of a base that is reported', () => {
    const tools = [
      { category: 'shell', kind: 'bash', path: '/bin/bash', by: 'path', trace: [{ layer: 0, path: 'bin/bash' }] },
      { category: 'shell', kind: 'dash', path: '/app/dash', by: 'path', trace: [{ layer: 1, path: 'app/dash' }] },
    ] as const;
    const base = { reference: 'docker.io/library/debian:trixie', layers: 1 };
    expect(messagesOf(RULE, useWith(), factsFromLayers(layersOf({ tools, base })))).toEqual([
      'dash is in the image as /app/dash',
    ]);
  });

  test('catches not a base with a bad name whose layers were seen to hold no shell', () => {
    const facts = factsFromLayers(layersOf(), { reference: 'cgr.dev/chainguard/git:latest' });
    expect(messagesOf(RULE, useWith(), facts)).toEqual([]);
  });
});
