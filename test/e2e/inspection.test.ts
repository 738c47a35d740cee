import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LayerFacts } from '../../lib/layers/layer-facts';
import { type CommandResult, docker, tryDocker } from './harness/docker';
import { describeWithDocker, environmentFacts } from './harness/facts';
import { inspectSaved, inspectStandIn } from './harness/inspection';

const BASES = [
  'static',
  'base-nossl',
  'base',
  'cc',
  'nodejs22',
  'nodejs24',
  'python3',
  'java-base',
  'java21',
  'java25',
];

/** What was found, without where. */
function toolsIn(facts: LayerFacts): string[] {
  return [...new Set(facts.tools.map(({ category, kind }) => `${category} ${kind}`))].sort();
}

describeWithDocker('the inspection of the bases', () => {
  test.each(BASES)('%s has neither shell nor package manager, and nothing in it is unproven', (name) => {
    const facts = inspectStandIn(`gcr.io/distroless/${name}-debian13:nonroot`);
    expect(facts).toMatchObject({ tools: [], unproven: [], user: '65532', platform: expect.stringMatching('^linux/') });
  });

  test.each(BASES)('%s is told from its debug variant, whose busybox is found', (name) => {
    const facts = inspectStandIn(`gcr.io/distroless/${name}-debian13:debug`);
    expect(toolsIn(facts)).toEqual(['package-manager dpkg', 'package-manager rpm', 'shell busybox']);
    expect(facts.tools.filter(({ path }) => !path.startsWith('/busybox/'))).toEqual([]);
    expect(facts.tools.map(({ path }) => path)).toEqual(expect.arrayContaining(['/busybox/busybox', '/busybox/sh']));
  });
});

describeWithDocker('the inspection of the builders', () => {
  test.each([
    ['debian:trixie-slim', ['apt', 'dpkg']],
    ['node:24-trixie-slim', ['apt', 'corepack', 'dpkg', 'npm', 'pnpm', 'yarn']],
    ['golang:1.26-trixie', ['apt', 'dpkg', 'go']],
    ['python:3.13-slim-trixie', ['apt', 'dpkg', 'pip']],
    ['rust:1-trixie', ['apt', 'cargo', 'dpkg']],
  ])('%s has bash, dash and %j', (name, managers) => {
    const tools = toolsIn(inspectStandIn(`docker.io/library/${name}`));
    expect(tools).toEqual([...managers.map((kind) => `package-manager ${kind}`), 'shell bash', 'shell dash']);
  });
});

interface HiddenShell {
  readonly name: string;
  /** `BASE`, `DEBUG` and `DEBIAN` stand for images of the registry. */
  readonly dockerfile: readonly string[];
  /** By which command there is a shell, if there is one. */
  readonly run: readonly string[];
}

const REMOVE_BUSYBOX = 'RUN ["/busybox/busybox", "rm", "-rf", "/busybox"]';

/** A stage in which the debug variant's shell can be used to arrange files. */
const TOOLS = 'FROM DEBUG AS tools\nSHELL ["/busybox/sh", "-c"]';

const SHELLS: HiddenShell[] = [
  {
    // busybox takes the names that begin with its own for itself, and any other for one of its commands.
    name: 'a renamed busybox',
    dockerfile: ['FROM BASE', 'COPY --from=DEBUG /busybox/busybox /app/busybox-healthcheck'],
    run: ['/app/busybox-healthcheck', 'sh'],
  },
  {
    name: 'a link to a busybox under another name',
    dockerfile: [
      TOOLS,
      'RUN mkdir /out && cp /busybox/busybox /out/x && ln -s /out/x /out/sh',
      'FROM BASE',
      'COPY --from=tools /out /out',
    ],
    run: ['/out/sh'],
  },
  {
    name: 'a link through a linked directory',
    dockerfile: [
      TOOLS,
      'RUN mkdir /out && ln -s /busybox /out/tools',
      'FROM BASE',
      'COPY --from=tools /busybox /busybox',
      'COPY --from=tools /out /',
    ],
    run: ['/tools/sh'],
  },
  {
    name: 'a hard link in another directory',
    dockerfile: [
      TOOLS,
      'RUN mkdir -p /out/a /out/b && cp /busybox/busybox /out/a/one && ln /out/a/one /out/b/sh',
      'FROM BASE',
      'COPY --from=tools /out /out',
    ],
    run: ['/out/b/sh'],
  },
  {
    name: 'bash with the libraries that it needs',
    dockerfile: [
      'FROM DEBIAN AS tools',
      'RUN mkdir /out && cp --parents $(ldd /bin/bash | grep -o "/lib[^ ]*") /out && cp /bin/bash /out/worker',
      'FROM BASE',
      'COPY --from=tools /out/lib /usr/lib',
      'COPY --from=tools /out/lib64 /usr/lib64',
      'COPY --from=tools /out/worker /worker',
    ],
    run: ['/worker'],
  },
  {
    name: 'a shell that a later layer brings back',
    dockerfile: ['FROM DEBUG', REMOVE_BUSYBOX, 'COPY --from=DEBUG /busybox/busybox /busybox/sh'],
    run: ['/busybox/sh'],
  },
];

const HARMLESS: HiddenShell[] = [
  { name: 'an image whose shell was removed', dockerfile: ['FROM DEBUG', REMOVE_BUSYBOX], run: ['/busybox/sh'] },
  {
    name: 'a text that is named like a shell',
    dockerfile: ['FROM BASE', 'COPY --chmod=755 note.txt /bin/sh'],
    run: ['/bin/sh'],
  },
];

describeWithDocker('the inspection of built images', () => {
  const TAG = 'distroless-e2e-hidden-shell';
  const context = mkdtempSync(join(tmpdir(), 'distroless-e2e-context-'));

  afterAll(() => rmSync(context, { recursive: true }));

  function build(dockerfile: readonly string[]): void {
    const { mirrors } = environmentFacts();
    const images: Record<string, string> = {
      BASE: `${mirrors['gcr.io/distroless']}/static-debian13:latest`,
      DEBUG: `${mirrors['gcr.io/distroless']}/static-debian13:debug`,
      DEBIAN: `${mirrors['docker.io/library']}/debian:trixie-slim`,
    };
    const text = dockerfile.join('\n').replace(/\b(BASE|DEBUG|DEBIAN)\b/g, (name) => images[name]);
    writeFileSync(join(context, 'note.txt'), 'not a program\n');
    writeFileSync(join(context, 'Dockerfile'), text);
    docker('build', '--tag', TAG, context);
  }

  /** What happens when somebody tries to use the shell. */
  function tryShell([entrypoint, ...applet]: readonly string[]): CommandResult {
    return tryDocker(['run', '--rm', '--entrypoint', entrypoint, TAG, ...applet, '-c', 'echo from a shell']);
  }

  test.each(SHELLS)('finds $name, which runs', ({ dockerfile, run }) => {
    build(dockerfile);
    expect(tryShell(run).printed).toBe('from a shell\n');
    const shells = inspectSaved(TAG).tools.filter(({ category }) => category === 'shell');
    expect(shells.map(({ path }) => path)).toContain(run[0]);
  });

  test.each(HARMLESS)('finds nothing in $name, which does not run', ({ dockerfile, run }) => {
    build(dockerfile);
    expect(tryShell(run).exitCode).not.toBe(0);
    expect(inspectSaved(TAG).tools).toEqual([]);
  });
});
