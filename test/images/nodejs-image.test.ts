import { NodejsImage } from '../../lib';
import type { NodejsImageProps } from '../../lib';
import { freshStack, instructions, sourceDirectory } from './source-directory';

const MANIFEST = {
  scripts: { build: 'tsc' },
  dependencies: { fastify: '5.0.0' },
  devDependencies: { typescript: '6.0.3' },
};
const PROJECT = {
  'package.json': MANIFEST,
  'package-lock.json': '{}',
  'tsconfig.json': '{"compilerOptions":{"outDir":"dist"}}',
  'src/server.ts': 'export {};',
};
const UNBUILT = {
  'package.json': { dependencies: { fastify: '5.0.0' }, main: 'server.js' },
  'package-lock.json': '{}',
  'server.js': '',
};

function define(files: Record<string, string | object>, props: Partial<NodejsImageProps> = {}): NodejsImage {
  return new NodejsImage(freshStack(), 'Api', { directory: sourceDirectory(files), ...props });
}

function built(files: Record<string, string | object>, props: Partial<NodejsImageProps> = {}): string[] {
  return instructions(define(files, { main: 'dist/server.js', ...props }).dockerfile);
}

test('a program can be started by a command of a dependency, in the place of npm start', () => {
  const start = { main: 'node_modules/@nuxt/cli/bin/nuxi.mjs', args: ['preview'], buildOutputs: ['dist'] };
  const manifest = { ...MANIFEST, dependencies: { '@nuxt/cli': '3.0.0' } };
  const lines = built({ ...PROJECT, 'package.json': manifest }, start);
  expect(lines.at(-1)).toBe('CMD ["node_modules/@nuxt/cli/bin/nuxi.mjs", "preview"]');
  expect(lines).toContain('RUN npm run build');
  expect(lines).toContain('COPY --from=build /app/dist /app/dist');
});

describe('a program that is built', () => {
  test('is built after its dependencies are installed, and leaves its sources and tools behind', () => {
    expect(define(PROJECT, { main: 'dist/server.js' }).dockerfile).toMatchInlineSnapshot(`
     "# Everything that the lockfile names, for the build.
     FROM node:24-trixie-slim AS dependencies
     WORKDIR /app
     ENV NPM_CONFIG_UPDATE_NOTIFIER=false
     COPY package.json package-lock.json ./
     RUN --mount=type=cache,target=/root/.npm \\
         npm ci --no-audit --no-fund

     # The program.
     FROM dependencies AS build
     COPY . .
     RUN npm run build \\
      && test -f dist/server.js

     # The dependencies that the program needs when it runs.
     FROM dependencies AS production
     RUN --mount=type=cache,target=/root/.npm \\
         npm prune --omit=dev --no-audit --no-fund

     FROM gcr.io/distroless/nodejs24-debian13:nonroot
     COPY --from=production /app/node_modules /app/node_modules
     COPY package.json /app/
     COPY --from=build /app/dist /app/dist
     ENV NODE_ENV=production
     LABEL org.opencontainers.image.base.name=gcr.io/distroless/nodejs24-debian13:nonroot
     WORKDIR /app
     USER 65532
     CMD ["dist/server.js"]
     "
    `);
  });

  test('brings no node_modules when it has no production dependencies', () => {
    const lines = built({ ...PROJECT, 'package.json': { ...MANIFEST, dependencies: {} } });
    expect(lines.join('\n')).not.toContain('node_modules');
  });

  test('brings the outputs and extra files that are named', () => {
    const lines = built(PROJECT, { buildOutputs: ['dist/app'], extraFiles: ['public'] });
    expect(lines).toContain('COPY --from=build /app/dist/app /app/dist/app');
    expect(lines).toContain('COPY --from=build /app/public /app/public');
  });

  test('is not disturbed by output that a build left in the source directory', () => {
    const image = define({ ...PROJECT, 'dist/server.js': 'old' }, { main: 'dist/server.js' });
    expect(image.asset.assetHash).toBe(define(PROJECT, { main: 'dist/server.js' }).asset.assetHash);
  });

  test('installs with all sources at hand when installing runs scripts of the project', () => {
    const manifest = { ...MANIFEST, scripts: { ...MANIFEST.scripts, postinstall: 'prisma generate' } };
    expect(built({ ...PROJECT, 'package.json': manifest }).slice(0, 5)).toEqual([
      'FROM node:24-trixie-slim AS dependencies',
      'WORKDIR /app',
      'ENV NPM_CONFIG_UPDATE_NOTIFIER=false',
      'COPY . .',
      'RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund',
    ]);
  });

  test('does not take git hooks for a reason to copy the sources first', () => {
    const manifest = { ...MANIFEST, scripts: { ...MANIFEST.scripts, prepare: 'husky' } };
    expect(built({ ...PROJECT, 'package.json': manifest })).toContain('COPY package.json package-lock.json ./');
  });
});

describe('a program that runs as it is', () => {
  test('needs no build, no development dependencies and no files of tools', () => {
    const image = define({ ...UNBUILT, '.npmrc': '//r/:_authToken=secret', 'eslint.config.js': '', 'lib/a.js': '' });
    expect(image.dockerfile).toMatchInlineSnapshot(`
     "# The dependencies that the program needs when it runs.
     FROM node:24-trixie-slim AS production
     WORKDIR /app
     ENV NPM_CONFIG_UPDATE_NOTIFIER=false
     COPY package.json package-lock.json ./
     COPY .npmrc ./.npmrc
     RUN --mount=type=cache,target=/root/.npm \\
         npm ci --no-audit --no-fund --omit=dev

     FROM gcr.io/distroless/nodejs24-debian13:nonroot
     COPY --from=production /app/node_modules /app/node_modules
     COPY package.json /app/
     COPY lib /app/lib
     COPY server.js /app/server.js
     ENV NODE_ENV=production
     LABEL org.opencontainers.image.base.name=gcr.io/distroless/nodejs24-debian13:nonroot
     WORKDIR /app
     USER 65532
     CMD ["server.js"]
     "
    `);
  });
});

describe('the package manager', () => {
  const lock = (files: Record<string, string | object>, manifest: object = {}) =>
    built({ 'package.json': { ...MANIFEST, ...manifest }, 'src/server.ts': '', ...files });

  test('is npm when there is a package-lock.json or a shrinkwrap', () => {
    expect(lock({ 'npm-shrinkwrap.json': '{}' })).toContain('COPY package.json npm-shrinkwrap.json ./');
  });

  test('is Yarn 1 when yarn.lock is of that time', () => {
    const lines = lock({ 'yarn.lock': '# yarn lockfile v1\n' }).join('\n');
    expect(lines).toContain('npm install --global --force yarn@1.22.22');
    expect(lines).toContain('yarn install --frozen-lockfile');
    expect(lines).toContain('yarn run build');
  });

  test('is Yarn 4 of the version that package.json names, with node_modules instead of archives', () => {
    const lines = lock({ 'yarn.lock': '__metadata:\n  version: 8\n' }, { packageManager: 'yarn@4.10.3' }).join('\n');
    expect(lines).toContain('@yarnpkg/cli-dist@4.10.3');
    expect(lines).toContain('YARN_NODE_LINKER=node-modules');
    expect(lines).toContain('yarn workspaces focus --all --production');
  });

  test('is the Yarn that lies in the project', () => {
    const files = {
      'yarn.lock': '__metadata:\n  version: 8\n',
      '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn-4.10.3.cjs\n',
      '.yarn/releases/yarn-4.10.3.cjs': '',
    };
    const lines = lock(files);
    expect(lines).toContain('COPY .yarn/releases ./.yarn/releases');
    expect(lines.join('\n')).toContain('node .yarn/releases/yarn-4.10.3.cjs install --immutable');
  });

  test.each([
    ["lockfileVersion: '9.0'\n", undefined, 'pnpm@10.20.0'],
    ["lockfileVersion: '6.0'\n", undefined, 'pnpm@8.15.9'],
    ["lockfileVersion: '9.0'\n", 'pnpm@9.15.4+sha512.abc', 'pnpm@9.15.4'],
  ])('is pnpm: %j with packageManager %s', (text, packageManager, expected) => {
    const lines = lock({ 'pnpm-lock.yaml': text }, { packageManager }).join('\n');
    expect(lines).toContain(`npm install --global --force ${expected}`);
    expect(lines).toContain('pnpm install --frozen-lockfile');
  });
});

describe('credentials and arguments', () => {
  test('a secret named npmrc lies where npm looks for it; others where Docker puts them', () => {
    const lines = built(PROJECT, { buildSecrets: { npmrc: 'src=/home/me/.npmrc', token: 'env=TOKEN' } });
    expect(lines).toContain(
      'RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=token,target=/run/secrets/token npm ci --no-audit --no-fund',
    );
  });

  test('build arguments are declared where the build runs', () => {
    const lines = built(PROJECT, { buildArgs: { API_URL: 'https://example.com', HTTP_PROXY: 'http://proxy' } });
    expect(lines.slice(lines.indexOf('COPY . .') + 1)[0]).toBe('ARG API_URL');
    expect(lines).not.toContain('ARG HTTP_PROXY');
  });

  test('arguments and options stand around the main file', () => {
    const lines = built(PROJECT, { nodeOptions: ['--enable-source-maps'], args: ['--port', '8080'] });
    expect(lines.at(-1)).toBe('CMD ["--enable-source-maps", "dist/server.js", "--port", "8080"]');
  });
});

describe('a wrong prop is refused with path, prop, value and change', () => {
  test.each<[string, Record<string, string | object>, Partial<NodejsImageProps>, string]>([
    [
      'a missing directory',
      {},
      { directory: '/does/not/exist' },
      "Web/Api: directory '/does/not/exist': there is no such directory",
    ],
    [
      'no package.json',
      { 'package-lock.json': '{}' },
      {},
      'there is no package.json in it; give the directory that holds it',
    ],
    ['a broken package.json', { 'package.json': '{', 'package-lock.json': '{}' }, {}, 'package.json is not JSON'],
    ['no lockfile', { 'package.json': MANIFEST }, {}, 'there is no lockfile in it (package-lock.json'],
    [
      'two lockfiles',
      { ...PROJECT, 'yarn.lock': '' },
      {},
      'there are several lockfiles in it: package-lock.json, yarn.lock',
    ],
    ['a lockfile of Bun', { 'package.json': MANIFEST, 'bun.lock': '' }, {}, "bun.lock is Bun's"],
    [
      'no main',
      { 'package.json': {}, 'package-lock.json': '{}' },
      {},
      'Web/Api: main: neither the prop nor package.json names one',
    ],
    [
      'a main in what is no dependency',
      UNBUILT,
      { main: 'node_modules/next/dist/bin/next' },
      "main 'node_modules/next/dist/bin/next': it is in no dependency of package.json; start one of these: fastify",
    ],
    [
      'a main in a dependency, which does not tell what the build makes',
      PROJECT,
      { main: 'node_modules/fastify/fastify.js' },
      'buildOutputs: main, which is in a dependency, does not tell what "build" makes',
    ],
    ['a main that is not there', UNBUILT, { main: 'index.js' }, "Web/Api: main 'index.js': there is no such file in"],
    ['a main that nothing compiles to', PROJECT, { main: 'dist/sever.js' }, 'nor a source that "tsc" would make it of'],
    ['a main outside', UNBUILT, { main: '../server.js' }, 'it lies outside of the directory'],
    [
      'an unknown build script',
      PROJECT,
      { buildScript: 'compile' },
      "buildScript 'compile': package.json has no such script; name one of these: build",
    ],
    [
      'a package manager that is not the lockfile’s',
      { ...PROJECT, 'package.json': { ...MANIFEST, packageManager: 'pnpm@10.0.0' } },
      {},
      'package.json wants packageManager pnpm, and the lockfile is package-lock.json; make them agree',
    ],
    [
      'a builder with musl',
      PROJECT,
      { builder: 'node:24-alpine' },
      "builder 'node:24-alpine': what it builds needs musl",
    ],
    ['a builder of another release', PROJECT, { builder: 'node:24-bookworm-slim' }, 'it is Debian bookworm'],
    ['a builder of another version', PROJECT, { builder: 'node:22-trixie-slim' }, 'use node:24-trixie-slim'],
    [
      'a Dockerfile of one’s own',
      PROJECT,
      { file: 'Dockerfile' },
      "file 'Dockerfile': the Dockerfile of this image is written by the library; use DockerfileImage",
    ],
  ])('%s', (_, files, props, message) => {
    expect(() =>
      define(files, { main: props.main ?? (files === PROJECT ? 'dist/server.js' : undefined), ...props }),
    ).toThrow(message);
  });
});
