import { rmSync } from 'node:fs';
import { BaseLayers } from './base-layers';
import { mozillaBundle } from './certificates';
import type { DebianPackages } from './debian-packages';
import { DOTNET_HOME, dotnetSdk, installOpenssl, OPENSSL_RECIPE, RUNTIME_VERSION } from './dotnet/dotnet-sdk';
import { ImageTree } from './image-tree';
import { BUNDLE } from './machine-settings';
import type { Layer, OciLayout, RunConfig } from './oci-layout';
import { inFolder, packageDatabase } from './package-layers';
import * as tar from './tar-writer';

/**
 * Stand-ins of Microsoft's chiselled images: the slices of packages that theirs are cut from, but of Debian 13's, and the runtimes of
 * the SDK 3.1. That wants OpenSSL 1.1 in the place of 3, and zlib, which the runtime of .NET 10 has in itself.
 */

const REGISTRY = 'mcr.microsoft.com/dotnet';
const TAG = '10.0-noble-chiseled';

const PACKAGES = ['base-files', 'ca-certificates', 'libc6', 'libgcc-s1', 'libstdc++6', 'zlib1g'];

/** What the packages have besides the slices. */
const CUT_OFF = ['etc', 'usr/share', 'usr/lib/x86_64-linux-gnu/audit', 'usr/lib/x86_64-linux-gnu/gconv'];

const APP_UID = 1654;

const PASSWD = `root:x:0:0:root:/root:/bin/bash\napp:x:${APP_UID}:${APP_UID}::/home/app:/bin/false\n`;
const GROUP = `root:x:0:\napp:x:${APP_UID}:\n`;

const OS_RELEASE = `PRETTY_NAME="Ubuntu 24.04 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
VERSION="24.04 LTS (Noble Numbat)"
VERSION_CODENAME=noble
ID=ubuntu
ID_LIKE=debian
HOME_URL="https://www.ubuntu.com/"
SUPPORT_URL="https://help.ubuntu.com/"
BUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"
UBUNTU_CODENAME=noble
`;

const DEPS_CONFIG: RunConfig = {
  Env: [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `APP_UID=${APP_UID}`,
    'ASPNETCORE_HTTP_PORTS=8080',
    // What the runtime knew before .NET 8.
    'ASPNETCORE_URLS=http://+:8080',
    'DOTNET_RUNNING_IN_CONTAINER=true',
    'DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true',
  ],
  User: String(APP_UID),
};

const RUNTIME_CONFIG: RunConfig = {
  ...DEPS_CONFIG,
  Env: [...(DEPS_CONFIG.Env ?? []), `DOTNET_VERSION=${RUNTIME_VERSION}`],
  Entrypoint: ['/usr/bin/dotnet'],
  Cmd: ['--info'],
};

const ASPNET_CONFIG: RunConfig = {
  ...RUNTIME_CONFIG,
  Env: [...(RUNTIME_CONFIG.Env ?? []), `ASPNET_VERSION=${RUNTIME_VERSION}`],
};

/** Adds the bases to the layout, each on the one before it. */
export async function addChiselledBases(layout: OciLayout, debian: DebianPackages): Promise<void> {
  const make = new ChiselledLayers(layout, debian, __filename);
  const deps = [await make.slices(), await make.home()];
  const runtime = [...deps, await make.runtime()];
  const aspnet = [...runtime, await make.aspnet()];
  layout.addImage(`${REGISTRY}/runtime-deps:${TAG}`, DEPS_CONFIG, deps);
  layout.addImage(`${REGISTRY}/runtime:${TAG}`, RUNTIME_CONFIG, runtime);
  layout.addImage(`${REGISTRY}/aspnet:${TAG}`, ASPNET_CONFIG, aspnet);
}

class ChiselledLayers extends BaseLayers {
  public async slices(): Promise<Layer> {
    const database = await packageDatabase(await this.debian.fetch(PACKAGES));
    return this.derived(`slices and OpenSSL ${OPENSSL_RECIPE}`, PACKAGES, async (root) => {
      const tree = new ImageTree(root);
      chisel(tree, mozillaBundle(root));
      tree.write('var/lib/dpkg/status', database);
      await installOpenssl(tree);
      return tree.pack();
    });
  }

  public async home(): Promise<Layer> {
    return this.entries(tar.directory('home'), tar.directory('home/app', { uid: APP_UID, gid: APP_UID }));
  }

  public async runtime(): Promise<Layer> {
    return this.ofSdk(['dotnet', 'host', 'shared/Microsoft.NETCore.App'], (tree) =>
      tree.link('usr/bin/dotnet', `/${DOTNET_HOME}/dotnet`),
    );
  }

  public async aspnet(): Promise<Layer> {
    return this.ofSdk(['shared/Microsoft.AspNetCore.App']);
  }

  private async ofSdk(parts: readonly string[], arrange?: (tree: ImageTree) => void): Promise<Layer> {
    const sdk = await dotnetSdk();
    return this.made(`${parts.join(' ')} of ${sdk.path}`, (seal) =>
      inFolder(async (root) => {
        const tree = new ImageTree(root);
        await tree.unpack(sdk.path, DOTNET_HOME, ...parts.map((part) => `package/${part}`));
        arrange?.(tree);
        return seal(tree.pack());
      }),
    );
  }
}

/** Leaves what chisel leaves of the packages, and writes what it or Microsoft's recipe adds. */
function chisel(tree: ImageTree, certificates: string): void {
  for (const path of CUT_OFF) rmSync(tree.path(path), { recursive: true, force: true });
  tree.write('etc/passwd', PASSWD);
  tree.write('etc/group', GROUP);
  tree.write('usr/lib/os-release', OS_RELEASE);
  tree.link('etc/os-release', '../usr/lib/os-release');
  tree.write(BUNDLE.slice(1), certificates);
}
