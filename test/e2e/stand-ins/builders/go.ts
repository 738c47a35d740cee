import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { output, text } from '../commands';
import type { DebianPackages } from '../debian-packages';
import type { ImageTree } from '../image-tree';
import { ARCHITECTURE } from '../oci-layout';
import { inFolder, unpacked } from '../package-layers';
import { type Builder, PATH } from './builder';

/** Debian has older ones; the Go project publishes every toolchain as a module. */
const VERSION = '1.26.8';

const TOOLCHAIN = `golang.org/toolchain@v0.0.1-go${VERSION}.linux-${ARCHITECTURE}`;

/** `golang:1.26-trixie`; without the C++ compiler of the official image. */
export function goBuilder(debian: DebianPackages): Builder {
  return {
    reference: 'golang:1.26-trixie',
    packages: ['ca-certificates', 'gcc', 'git', 'libc6-dev', 'make', 'pkg-config'],
    ingredients: [TOOLCHAIN, readFileSync(__filename, 'utf8')],
    arrange: async (tree) => {
      await installToolchain(debian, tree);
      for (const folder of ['go/src', 'go/bin']) mkdirSync(tree.path(folder), { recursive: true });
    },
    config: {
      Env: [`PATH=/go/bin:/usr/local/go/bin:${PATH}`, `GOLANG_VERSION=${VERSION}`, 'GOTOOLCHAIN=local', 'GOPATH=/go'],
      WorkingDir: '/go',
      Cmd: ['bash'],
    },
  };
}

/** Fetched by Debian's Go client, whatever Go the machine has or lacks. */
async function installToolchain(debian: DebianPackages, tree: ImageTree): Promise<void> {
  const client = await debian.fetch(['golang-1.24-go']);
  await unpacked(client, (root) =>
    inFolder(async (modules) => {
      const environment = { GOMODCACHE: modules, GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local', GOROOT: '' };
      const go = join(root, 'usr/lib/go-1.24/bin/go');
      const options = { cwd: modules, env: { ...process.env, ...environment } };
      const answer = JSON.parse(await text(go, ['mod', 'download', '-json', TOOLCHAIN], options)) as { Dir: string };
      mkdirSync(tree.path('usr/local'), { recursive: true });
      await output('cp', ['-r', answer.Dir, tree.path('usr/local/go')]);
    }),
  );
  restore(tree.path('usr/local/go'));
}

/** Undoes what a toolchain suffers to be a module: executables lose their bit, `go.mod` files their name. */
function restore(home: string): void {
  for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && /^(bin|pkg\/tool)\//.test(path.slice(home.length + 1))) chmodSync(path, 0o755);
    if (entry.name === '_go.mod') renameSync(path, join(entry.parentPath, 'go.mod'));
  }
}
