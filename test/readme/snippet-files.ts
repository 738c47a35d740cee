/** The files that the README's snippets speak of. */
export const SNIPPET_FILES: Readonly<Record<string, string>> = {
  'services/api/package.json': JSON.stringify({ name: 'api', version: '1.0.0', scripts: { build: 'tsc' } }),
  'services/api/package-lock.json': JSON.stringify({
    name: 'api',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': { name: 'api', version: '1.0.0' } },
  }),
  'services/api/src/server.ts': 'export {};\n',
};
