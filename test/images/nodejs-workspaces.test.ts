import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { NodejsImage } from '../../lib';
import type { NodejsImageProps } from '../../lib';
import { freshStack, instructions, sourceDirectory } from './source-directory';

const REPOSITORY = {
  'package.json': { private: true, workspaces: ['packages/*', 'services/**', '!services/old/*'] },
  'package-lock.json': '{}',
  'packages/shared/package.json': {
    name: '@acme/shared',
    files: ['dist'],
    scripts: { build: 'tsc' },
    dependencies: { '@acme/words': '*' },
  },
  'packages/shared/index.ts': '',
  'packages/words/package.json': { name: '@acme/words', main: 'words.js' },
  'packages/words/words.js': '',
  'packages/config/package.json': { name: '@acme/config', scripts: { build: 'tsc' } },
  'services/web/api/package.json': {
    name: '@acme/api',
    main: 'dist/server.js',
    scripts: { build: 'tsc' },
    dependencies: { '@acme/shared': '*', fastify: '5.0.0' },
    devDependencies: { '@acme/config': '*' },
  },
  'services/web/api/src/server.ts': '',
  'services/other/package.json': { name: '@acme/other', dependencies: { express: '5.0.0' } },
  'services/other/main.js': '',
  'services/old/api/package.json': { name: '@acme/old' },
};

function define(props: Partial<NodejsImageProps> = {}, files: Record<string, string | object> = {}): NodejsImage {
  const directory = sourceDirectory({ ...REPOSITORY, ...files });
  return new NodejsImage(freshStack(), 'Api', { directory, workspace: 'services/web/api', ...props });
}

describe('a package of a repository', () => {
  test('is built after the packages that it needs, and comes with what these would publish', () => {
    expect(define().dockerfile).toMatchInlineSnapshot(`
     "# Everything that the lockfile names, for the build.
     FROM node:24-trixie-slim AS dependencies
     WORKDIR /app
     ENV NPM_CONFIG_UPDATE_NOTIFIER=false
     COPY package.json package-lock.json ./
     COPY packages/config/package.json ./packages/config/package.json
     COPY packages/shared/package.json ./packages/shared/package.json
     COPY packages/words/package.json ./packages/words/package.json
     COPY services/other/package.json ./services/other/package.json
     COPY services/web/api/package.json ./services/web/api/package.json
     RUN --mount=type=cache,target=/root/.npm \\
         npm ci --no-audit --no-fund

     # The program.
     FROM dependencies AS build
     COPY . .
     RUN (cd packages/config && npm run build) \\
      && (cd packages/shared && npm run build) \\
      && (cd services/web/api && npm run build) \\
      && test -f services/web/api/dist/server.js \\
      && rm -rf packages/shared/node_modules

     # The dependencies that the program needs when it runs.
     FROM node:24-trixie-slim AS production
     WORKDIR /app
     ENV NPM_CONFIG_UPDATE_NOTIFIER=false
     COPY package.json package-lock.json ./
     COPY packages/config/package.json ./packages/config/package.json
     COPY packages/shared/package.json ./packages/shared/package.json
     COPY packages/words/package.json ./packages/words/package.json
     COPY services/other/package.json ./services/other/package.json
     COPY services/web/api/package.json ./services/web/api/package.json
     RUN --mount=type=cache,target=/root/.npm \\
         npm ci --no-audit --no-fund --omit=dev --workspace=services/web/api \\
      && for folder in . services/web/api packages/words packages/shared; do if [ -d $folder/node_modules ]; then mkdir -p /modules/$folder && mv $folder/node_modules /modules/$folder/ || exit 1; fi; done

     FROM gcr.io/distroless/nodejs24-debian13:nonroot
     COPY --from=production /modules/ /app/
     COPY packages/words/package.json /app/packages/words/package.json
     COPY packages/words/words.js /app/packages/words/words.js
     COPY --from=build /app/packages/shared/package.json /app/packages/shared/package.json
     COPY --from=build /app/packages/shared/dist /app/packages/shared/dist
     COPY services/web/api/package.json /app/services/web/api/
     COPY --from=build /app/services/web/api/dist /app/services/web/api/dist
     ENV NODE_ENV=production
     LABEL org.opencontainers.image.base.name=gcr.io/distroless/nodejs24-debian13:nonroot
     WORKDIR /app/services/web/api
     USER 65532
     CMD ["dist/server.js"]
     "
    `);
  });

  test('takes only the manifests of the packages that it does not need', () => {
    const image = define({ exclude: ['services/old'] });
    const { directory } = (image.node.root as App).synth();
    const services = join(directory, `asset.${image.asset.assetHash}`, 'services');
    expect(readdirSync(services, { recursive: true }).sort()).toEqual([
      'other',
      'other/package.json',
      'web',
      'web/api',
      'web/api/package.json',
      'web/api/src',
      'web/api/src/server.ts',
    ]);
  });

  test('is another image when a package changes that it needs, and the same when another one does', () => {
    const hash = (files: Record<string, string>) => define({}, files).asset.assetHash;
    expect(hash({ 'services/other/main.js': 'changed' })).toBe(hash({}));
    expect(hash({ 'packages/words/words.js': 'changed' })).not.toBe(hash({}));
  });

  test('that runs as it is needs no build, but its siblings may', () => {
    const manifest = { name: '@acme/api', main: 'server.js', dependencies: { '@acme/shared': '*' } };
    const files = { 'services/web/api/package.json': manifest, 'services/web/api/server.js': '' };
    const lines = instructions(define({}, files).dockerfile);
    expect(lines).toContain('RUN (cd packages/shared && npm run build) && rm -rf packages/shared/node_modules');
    expect(lines).toContain('COPY services/web/api/server.js /app/services/web/api/server.js');
    expect(lines.at(-1)).toBe('CMD ["server.js"]');
  });

  test('does not run scripts for developers when only production dependencies are there', () => {
    const root = {
      ...REPOSITORY['package.json'],
      scripts: { prepare: 'husky', prepublish: 'make', postinstall: 'lefthook install' },
    };
    const lines = instructions(define({}, { 'package.json': root }).dockerfile);
    const production = lines.slice(lines.lastIndexOf('FROM node:24-trixie-slim AS production')).join('\n');
    expect(production).toContain('npm pkg delete scripts.postinstall scripts.prepublish scripts.prepare && npm ci');
    expect(production).not.toContain('COPY . .');
  });

  const managers: ReadonlyArray<readonly [string, Record<string, string | object>, string]> = [
    ['npm', {}, '--omit=dev --workspace=services/web/api'],
    [
      'Yarn 4',
      {
        'yarn.lock': '__metadata:\n',
        'package.json': { ...REPOSITORY['package.json'], packageManager: 'yarn@4.18.1' },
      },
      'yarn workspaces focus @acme/api --production',
    ],
    [
      'pnpm',
      {
        'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
        'pnpm-workspace.yaml':
          "packages:\n  # all\n  - 'packages/*'\n  - \"services/**\"\n  - '!services/old/*'\nautoInstallPeers: true\n",
      },
      "--prod --filter '{./services/web/api}...'",
    ],
  ];

  test.each(managers)('has the production dependencies that %s finds for it', (name, files, command) => {
    const without = Object.entries({ ...REPOSITORY, ...files }).filter(([file]) => {
      return file !== 'package-lock.json' || name === 'npm';
    });
    const directory = sourceDirectory(Object.fromEntries(without));
    const { dockerfile } = new NodejsImage(freshStack(), 'Api', { directory, workspace: 'services/web/api/' });
    expect(dockerfile).toContain(command);
    expect(dockerfile).toContain('COPY services/other/package.json ./services/other/package.json');
  });

  test('with Yarn 1 has the dependencies of the packages that are there, so only the needed ones are', () => {
    const others = Object.entries(REPOSITORY).filter(([file]) => file !== 'package-lock.json');
    const directory = sourceDirectory({ ...Object.fromEntries(others), 'yarn.lock': '# yarn lockfile v1\n' });
    const image = new NodejsImage(freshStack(), 'Api', { directory, workspace: 'services/web/api' });
    const lines = instructions(image.dockerfile);
    const production = lines.slice(lines.lastIndexOf('FROM node:24-trixie-slim AS production'));
    expect(production).toContain('COPY packages/words/package.json ./packages/words/package.json');
    expect(production).not.toContain('COPY services/other/package.json ./services/other/package.json');
  });

  test.each([
    [
      'is not there',
      'services/nowhere',
      /it is no workspace of .*; name one of these: packages\/config, packages\/shared/,
    ],
    ['is left out', 'services/old/api', /it is no workspace of/],
  ])('fails when it %s', (_case, workspace, message) => {
    expect(() => define({ workspace })).toThrow(message);
  });

  test('fails in a directory without workspaces', () => {
    const directory = sourceDirectory({ 'package.json': {}, 'package-lock.json': '{}' });
    const image = () => new NodejsImage(freshStack(), 'Api', { directory, workspace: 'services/web/api' });
    expect(image).toThrow('name its packages in "workspaces" of package.json');
  });
});

describe('a bundle', () => {
  test('is one file, without node_modules', () => {
    const image = define({ bundle: true, main: 'src/server.ts', extraFiles: ['public'] });
    expect(image.dockerfile).toMatchInlineSnapshot(`
     "# Everything that the lockfile names, for the build.
     FROM node:24-trixie-slim AS dependencies
     COPY .distroless/bundle.mjs /opt/bundler/
     RUN npm install --prefix /opt/bundler --no-audit --no-fund esbuild@0.28.2
     WORKDIR /app
     ENV NPM_CONFIG_UPDATE_NOTIFIER=false
     COPY package.json package-lock.json ./
     COPY packages/config/package.json ./packages/config/package.json
     COPY packages/shared/package.json ./packages/shared/package.json
     COPY packages/words/package.json ./packages/words/package.json
     COPY services/other/package.json ./services/other/package.json
     COPY services/web/api/package.json ./services/web/api/package.json
     RUN --mount=type=cache,target=/root/.npm \\
         npm ci --no-audit --no-fund

     # The program.
     FROM dependencies AS build
     COPY . .
     RUN (cd packages/config && npm run build) \\
      && (cd packages/shared && npm run build) \\
      && node /opt/bundler/bundle.mjs services/web/api/src/server.ts /bundle/index.cjs node24

     FROM gcr.io/distroless/nodejs24-debian13:nonroot
     COPY --from=build /bundle/ /app/
     COPY --from=build /app/services/web/api/public /app/public
     ENV NODE_ENV=production
     LABEL org.opencontainers.image.base.name=gcr.io/distroless/nodejs24-debian13:nonroot
     WORKDIR /app
     USER 65532
     CMD ["index.cjs"]
     "
    `);
  });

  test('is an ES module when the sources are', () => {
    const manifest = { type: 'module', main: 'server.ts' };
    const directory = sourceDirectory({ 'package.json': manifest, 'package-lock.json': '{}', 'server.ts': '' });
    const bundle = (main?: string) =>
      instructions(new NodejsImage(freshStack(), 'Api', { directory, main, bundle: true }).dockerfile).at(-1);
    expect(bundle()).toBe('CMD ["index.mjs"]');
    expect(() => bundle('server.cts')).toThrow(/there is no such file in .*; name the source to bundle/);
  });

  test('runs a script before it only when that is asked for', () => {
    expect(define({ bundle: true, main: 'src/server.ts' }).dockerfile).not.toContain('(cd ./services/web/api');
    const generated = define({ bundle: true, main: 'src/server.ts', buildScript: 'build' }).dockerfile;
    expect(generated).toContain('(cd ./services/web/api && npm run build)');
  });
});
