import { pullThroughMirrors } from '../../../lib/bases/mirrors';
import { describeUnless } from '../harness/conditions';
import { docker, tryDocker } from '../harness/docker';
import { describeWithDocker, environmentFacts } from '../harness/facts';
import { inspectStandIn } from '../harness/inspection';
import { DOTNET_OBSTACLE } from './dotnet/dotnet-sdk';
import { ARCHITECTURE } from './oci-layout';

const HARDENED = ['--rm', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

/** The name under which the daemon has an image that it has just pulled. */
function pulled(reference: string): string {
  const image = pullThroughMirrors(reference, environmentFacts().mirrors);
  docker('pull', '--quiet', image);
  return image;
}

/** Runs a base as a hardened container would. */
function runBase(name: string, entrypoint: readonly string[], ...command: string[]): string {
  return docker('run', ...HARDENED, ...entrypoint, pulled(`gcr.io/distroless/${name}`), ...command);
}

function runBuilder(name: string, script: string): string {
  return docker('run', '--rm', pulled(name), 'bash', '-ec', script);
}

describeWithDocker('the stand-ins of the distroless bases', () => {
  test.each(['22', '24'])('nodejs%s runs JavaScript as the user nonroot', (major) => {
    const script = 'process.version + " " + process.getuid() + " " + require("os").homedir()';
    expect(runBase(`nodejs${major}-debian13:nonroot`, [], '-p', script)).toMatch(
      new RegExp(`^v${major}\\.\\S+ 65532 /home/nonroot$`),
    );
  });

  test('python3 imports the standard library, compiled modules and all', () => {
    const script = `
import importlib, sys
unwanted = {'antigravity', 'this', 'idlelib', 'tkinter', 'turtle', 'turtledemo', '_tkinter', 'lib2to3'}
windows = {'msvcrt', 'nt', 'winreg', 'winsound', '_winapi', '_msi', '_overlapped', '_scproxy', 'msilib', '_wmi'}
failed = []
names = [n for n in sys.stdlib_module_names if n not in unwanted | windows and not n.startswith('_test')]
for name in names:
    try: importlib.import_module(name)
    except Exception as error: failed.append(f'{name}: {error}')
print(len(names) > 200, failed)
`;
    expect(runBase('python3-debian13:nonroot', [], '-c', script)).toMatch(/^True/);
  });

  test('python3 finds shared libraries by name', () => {
    const script = 'import ctypes.util; print(ctypes.util.find_library("ssl"))';
    expect(runBase('python3-debian13:nonroot', [], '-c', script)).toBe('libssl.so.3');
  });

  test.each(['21', '25'])('java%s runs and trusts the certificates of the base', (major) => {
    const version = runBase(`java${major}-debian13:nonroot`, ['--entrypoint', '/usr/bin/java'], '-version');
    expect(version).toContain(`openjdk version "${major}`);
    const home = `/usr/lib/jvm/java-${major}-openjdk-${ARCHITECTURE}`;
    const store = ['-list', '-cacerts', '-storepass', 'changeit'];
    const listed = runBase(`java${major}-debian13:nonroot`, ['--entrypoint', `${home}/bin/keytool`], ...store);
    expect(listed).toMatch(/contains 1\d\d entries/);
  });

  test.each(['static', 'base-nossl', 'base', 'cc', 'nodejs24', 'python3', 'java-base', 'java25'])(
    '%s has no shell, and has one as debug variant',
    (name) => {
      const image = `${environmentFacts().mirrors['gcr.io/distroless']}/${name}-debian13`;
      const { printed } = tryDocker(['run', ...HARDENED, '--entrypoint', '/bin/sh', `${image}:nonroot`]);
      expect(printed).toMatch(/stat \/bin\/sh: no such file or directory/);
      const release = ['-c', 'cat /etc/os-release; id -u'];
      expect(runBase(`${name}-debian13:debug`, ['--entrypoint', 'sh'], ...release)).toMatch(
        /"Distroless"[^]*VERSION_ID="13"[^]*\n0$/,
      );
      expect(runBase(`${name}-debian13:debug-nonroot`, ['--entrypoint', 'sh'], ...release)).toMatch(/\n65532$/);
    },
  );
});

describeWithDocker('the stand-ins of the builder images', () => {
  test.each(['22', '24'])('node:%s has its package managers in /usr/local', (major) => {
    const paths = runBuilder(`node:${major}-trixie-slim`, 'node -v; which node npm npx corepack yarn');
    expect(paths.split('\n')).toEqual([
      expect.stringMatching(`^v${major}\\.`),
      ...['node', 'npm', 'npx', 'corepack', 'yarn'].map((name) => `/usr/local/bin/${name}`),
    ]);
  });

  test('golang compiles against libc and without it', () => {
    const script = `
cd "$(mktemp -d)"
echo 'package main
import "net"
func main() { net.LookupHost("localhost"); println("compiled") }' > main.go
go mod init example 2>/dev/null
which go
for cgo in 0 1; do CGO_ENABLED=$cgo go build -o program . && ./program 2>&1; done`;
    expect(runBuilder('golang:1.26-trixie', script)).toBe('/usr/local/go/bin/go\ncompiled\ncompiled');
  });

  test('python installs into /usr/local and makes environments that point there', () => {
    const script = `
pip install --quiet --root-user-action ignore iniconfig
python -c 'import iniconfig; print(iniconfig.__file__)'
python -m venv /venv
readlink -f /venv/bin/python
/venv/bin/python -c 'import sys; print(sys.prefix, sys.base_prefix)'
pip install --quiet --root-user-action ignore --target /deps iniconfig && ls /deps | head -1`;
    expect(runBuilder('python:3.13-slim-trixie', script).split('\n')).toEqual([
      '/usr/local/lib/python3.13/site-packages/iniconfig/__init__.py',
      '/usr/local/bin/python3.13',
      '/venv /usr/local',
      'iniconfig',
    ]);
  });

  test('maven has a JDK 25 in /opt/java/openjdk, with jlink and its modules', () => {
    const script =
      'mvn --version | grep -E "^Java|Apache"; echo $JAVA_HOME; jlink --add-modules java.base --output /jre; ls /jre';
    const printed = runBuilder('maven:3.9-eclipse-temurin-25', script);
    expect(printed).toMatch(/Apache Maven 3\.9/);
    expect(printed).toMatch(/Java version: 25.*runtime: \/opt\/java\/openjdk/);
    expect(printed).toMatch(/\nlib\n/);
  });

  test('rust compiles and links with cargo of /usr/local/cargo', () => {
    const script = 'which cargo; cd "$(mktemp -d)"; cargo init --quiet --name example; cargo run --quiet --release';
    expect(runBuilder('rust:1-trixie', script)).toBe('/usr/local/cargo/bin/cargo\nHello, world!');
  });

  test('debian installs packages with apt', () => {
    const script =
      'apt-get update -qq && apt-get install -qq -y --no-install-recommends make >/dev/null 2>&1; make --version';
    expect(runBuilder('debian:trixie-slim', script)).toMatch(/^GNU Make/);
  });
});

describeWithDocker('the stand-ins for .NET', () => {
  const chiselled = (name: string) => pulled(`mcr.microsoft.com/dotnet/${name}:10.0-noble-chiseled`);

  describeUnless(DOTNET_OBSTACLE, 'of Microsoft’s images', () => {
    test.each([
      ['runtime', ['Microsoft.NETCore.App']],
      ['aspnet', ['Microsoft.AspNetCore.App', 'Microsoft.NETCore.App']],
    ])('%s lists its frameworks as the user app', (name, frameworks) => {
      const listed = docker('run', ...HARDENED, chiselled(name), '--list-runtimes').split('\n');
      expect(listed).toEqual(frameworks.map((framework): unknown => expect.stringMatching(`^${framework} 3\\.1\\.2 `)));
      expect(docker('image', 'inspect', '--format', '{{.Config.User}}', chiselled(name))).toBe('1654');
    });

    test.each(['runtime-deps', 'runtime', 'aspnet'])('%s has neither a shell nor a package manager', (name) => {
      const { printed } = tryDocker(['run', ...HARDENED, '--entrypoint', '/bin/sh', chiselled(name)]);
      expect(printed).toMatch(/stat \/bin\/sh: no such file or directory/);
      expect(inspectStandIn(`mcr.microsoft.com/dotnet/${name}:10.0-noble-chiseled`)).toMatchObject({
        tools: [],
        unproven: [],
      });
    });

    test('sdk publishes for an architecture, with the runtime and without it', () => {
      const script = `
dotnet --version
cd "$(mktemp -d)"
dotnet new console --no-restore --name example --output . >/dev/null
dotnet restore --arch amd64 -p:SelfContained=true >/dev/null
dotnet publish --arch amd64 --no-restore --self-contained true --output with >/dev/null
dotnet publish --arch amd64 --no-restore --self-contained false --output without >/dev/null
with/example
dotnet without/example.dll
ls with/libcoreclr.so without/libcoreclr.so 2>/dev/null`;
      expect(runBuilder('mcr.microsoft.com/dotnet/sdk:10.0-noble', `${script} || true`).split('\n')).toEqual([
        '3.1.102',
        'Hello World!',
        'Hello World!',
        'with/libcoreclr.so',
      ]);
    });
  });
});
