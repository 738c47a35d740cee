import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BaseLayers } from './base-layers';
import { javaTrustStore, mozillaBundle } from './certificates';
import { output } from './commands';
import type { DebianPackages } from './debian-packages';
import { fileOf, npmPackage } from './npm-packages';
import { ARCHITECTURE, type Layer, type OciLayout, type RunConfig } from './oci-layout';
import * as tar from './tar-writer';

/**
 * Stand-ins of Google's debian13 images, layer by layer as their build makes them (a layer a package, then small layers
 * for users, certificates and the like). What differs: Java is Debian's OpenJDK, not Temurin, and `:debug` of Java has no
 * JDK; busybox is Debian's static one, not musl's.
 */

const REGISTRY = 'gcr.io/distroless';

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const CERTIFICATES = 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt';
const UTF8 = 'LANG=C.UTF-8';

const STATIC = ['base-files', 'netbase', 'tzdata', 'tzdata-legacy', 'media-types'];
const LIBC = ['libc6'];
const TLS = ['libssl3t64', 'zlib1g', 'libzstd1'];
const CXX = ['libgomp1', 'libstdc++6', 'libgcc-s1', 'gcc-14-base'];
const PYTHON = (
  'libbz2-1.0 libdb5.3t64 libexpat1 liblzma5 libsqlite3-0 libuuid1 libncursesw6 libtinfo6 libcom-err2 libcrypt1 ' +
  'libgssapi-krb5-2 libk5crypto3 libkeyutils1 libkrb5-3 libkrb5support0 libnsl2 libreadline8t64 libtirpc3t64 libffi8 ' +
  'libpython3.13-minimal libpython3.13-stdlib python3.13-minimal python3.13-venv libc-bin'
).split(' ');
const JAVA_LIBRARIES = (
  'zlib1g libjpeg62-turbo liblcms2-2 libfreetype6 fonts-dejavu-core fontconfig-config libexpat1 libfontconfig1 ' +
  'libuuid1 libbrotli1 libcrypt1 libstdc++6 libgcc-s1 gcc-14-base libpng16-16t64 libharfbuzz0b libgraphite2-3 ' +
  'libpcre2-8-0 libglib2.0-0t64 libbz2-1.0 libatomic1'
).split(' ');

const PASSWD =
  'root:x:0:0:root:/root:/sbin/nologin\n' +
  'nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n' +
  'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n';

const GROUP = 'root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n';

const OS_RELEASE = `PRETTY_NAME="Distroless"
NAME="Debian GNU/Linux"
ID="debian"
VERSION_ID="13"
VERSION="Debian GNU/Linux 13 (trixie)"
HOME_URL="https://github.com/GoogleContainerTools/distroless"
SUPPORT_URL="https://github.com/GoogleContainerTools/distroless/blob/master/README.md"
BUG_REPORT_URL="https://github.com/GoogleContainerTools/distroless/issues/new"
`;

const NAME_SERVICES = 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n';

interface Base {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly entrypoint?: readonly string[];
  readonly env?: readonly string[];
}

/** Adds every base, with every tag that the real one has, to the layout. */
export async function addDistrolessBases(layout: OciLayout, debian: DebianPackages): Promise<void> {
  const make = new DistrolessLayers(layout, debian, __filename);
  const shell = await make.busybox();
  for (const base of await allBases(make)) {
    const name = `${REGISTRY}/${base.name}-debian13`;
    layout.addImage(`${name}:latest`, configOf(base, '0', false), base.layers);
    layout.addImage(`${name}:nonroot`, configOf(base, '65532', false), base.layers);
    layout.addImage(`${name}:debug`, configOf(base, '0', true), [...base.layers, shell]);
    layout.addImage(`${name}:debug-nonroot`, configOf(base, '65532', true), [...base.layers, shell]);
  }
}

async function allBases(make: DistrolessLayers): Promise<Base[]> {
  const plain = [...(await make.packages(STATIC)), ...(await make.common())];
  const noTls = [...plain, ...(await make.packages(LIBC))];
  const base = [...noTls, ...(await make.packages(TLS))];
  const cxx = [...base, ...(await make.packages(CXX))];
  const java = [...noTls, ...(await make.packages(JAVA_LIBRARIES)), await make.locale(), await make.javaCertificates()];
  return [
    { name: 'static', layers: plain },
    { name: 'base-nossl', layers: noTls },
    { name: 'base', layers: base },
    { name: 'cc', layers: cxx },
    { name: 'nodejs22', layers: [...cxx, await make.node('22')], entrypoint: ['/nodejs/bin/node'] },
    { name: 'nodejs24', layers: [...cxx, await make.node('24')], entrypoint: ['/nodejs/bin/node'] },
    {
      name: 'python3',
      layers: [...cxx, ...(await make.packages(PYTHON)), await make.pythonLinks(), await make.libraryCache(PYTHON)],
      entrypoint: ['/usr/bin/python3.13'],
      env: [UTF8],
    },
    { name: 'java-base', layers: java, env: [UTF8] },
    await javaBase(make, java, '21'),
    await javaBase(make, java, '25'),
  ];
}

async function javaBase(make: DistrolessLayers, base: readonly Layer[], major: string): Promise<Base> {
  const runtime = await make.packages([`openjdk-${major}-jre-headless`]);
  return {
    name: `java${major}`,
    layers: [...base, ...runtime, await make.javaLink(major)],
    entrypoint: ['/usr/bin/java', '-jar'],
    env: [UTF8, `JAVA_VERSION=${major}`],
  };
}

function configOf(base: Base, user: string, debug: boolean): RunConfig {
  const entrypoint = base.entrypoint ?? (debug ? ['/busybox/sh'] : undefined);
  return {
    Env: [debug ? `${PATH}:/busybox` : PATH, CERTIFICATES, ...(base.env ?? [])],
    User: user,
    WorkingDir: user === '0' ? '/' : '/home/nonroot',
    ...(entrypoint && { Entrypoint: entrypoint }),
  };
}

/** Each layer that occurs in a base. */
class DistrolessLayers extends BaseLayers {
  public async common(): Promise<Layer[]> {
    return [
      await this.entries(tar.directory('.')),
      await this.entries(tar.directory('etc'), tar.file('etc/passwd', PASSWD)),
      await this.entries(
        tar.directory('root', { mode: 0o700 }),
        tar.directory('home'),
        tar.directory('home/nonroot', { mode: 0o700, uid: 65532, gid: 65532 }),
      ),
      await this.entries(tar.directory('etc'), tar.file('etc/group', GROUP)),
      await this.entries(tar.directory('tmp', { mode: 0o1777 })),
      await this.entries(tar.directory('etc'), tar.file('etc/nsswitch.conf', NAME_SERVICES)),
      await this.entries(tar.directory('usr'), tar.directory('usr/lib'), tar.file('usr/lib/os-release', OS_RELEASE)),
      await this.certificates(),
    ];
  }

  public async locale(): Promise<Layer> {
    return this.derived('locale', ['libc-bin'], (root) =>
      output('tar', [...tar.DETERMINISTIC, '-C', root, '-cf', '-', './usr/lib/locale']),
    );
  }

  public async busybox(): Promise<Layer> {
    return this.derived('busybox', ['busybox-static'], (root) => {
      const binary = join(root, 'usr/bin/busybox');
      const applets = execFileSync(binary, ['--list'], { encoding: 'utf8' }).trim().split('\n');
      const links = applets
        .filter((applet) => applet !== 'busybox')
        .map((name) => tar.symlink(`busybox/${name}`, 'busybox'));
      const content = tar.file('busybox/busybox', readFileSync(binary), { mode: 0o755 });
      return Promise.resolve(tar.archive(tar.directory('busybox'), content, ...links));
    });
  }

  public async node(major: string): Promise<Layer> {
    const npm = await npmPackage(`node-linux-${process.arch}`, major);
    return this.made(`node ${npm.version}`, async (seal) =>
      seal(
        tar.archive(
          tar.directory('nodejs'),
          tar.directory('nodejs/bin'),
          tar.file('nodejs/bin/node', await fileOf(npm, 'bin/node'), { mode: 0o755 }),
          tar.file('nodejs/LICENSE', await fileOf(npm, 'LICENSE')),
        ),
      ),
    );
  }

  public async pythonLinks(): Promise<Layer> {
    const links = ['python', 'python3'].map((name) => tar.symlink(`usr/bin/${name}`, '/usr/bin/python3.13'));
    return this.entries(tar.directory('usr'), tar.directory('usr/bin'), ...links);
  }

  /** `ctypes.util.find_library` asks the dynamic linker's cache. */
  public async libraryCache(names: readonly string[]): Promise<Layer> {
    return this.derived('library cache', [...LIBC, ...TLS, ...CXX, ...names], (root) => {
      execFileSync('/sbin/ldconfig', ['-X', '-r', root]);
      const cache = readFileSync(join(root, 'etc/ld.so.cache'));
      return Promise.resolve(tar.archive(tar.directory('etc'), tar.file('etc/ld.so.cache', cache)));
    });
  }

  public async javaLink(major: string): Promise<Layer> {
    const target = `/usr/lib/jvm/java-${major}-openjdk-${ARCHITECTURE}/bin/java`;
    return this.entries(tar.directory('usr'), tar.directory('usr/bin'), tar.symlink('usr/bin/java', target));
  }

  public async javaCertificates(): Promise<Layer> {
    return this.derived('java certificates', ['ca-certificates'], (root) =>
      Promise.resolve(
        tar.archive(
          ...['etc', 'etc/ssl', 'etc/ssl/certs', 'etc/ssl/certs/java'].map((name) => tar.directory(name)),
          tar.file('etc/ssl/certs/java/cacerts', javaTrustStore(mozillaBundle(root))),
        ),
      ),
    );
  }

  private async certificates(): Promise<Layer> {
    return this.derived('certificates', ['ca-certificates'], (root) =>
      Promise.resolve(
        tar.archive(
          ...['etc', 'etc/ssl', 'etc/ssl/certs'].map((name) => tar.directory(name)),
          tar.file('etc/ssl/certs/ca-certificates.crt', mozillaBundle(root)),
        ),
      ),
    );
  }
}
