import type { PythonImageProps } from '../../../lib';
import { DistrolessBase, GoImage, PythonImage } from '../../../lib';
import { freshStack, instructions, sourceDirectory } from '../source-directory';

function python(props: Partial<PythonImageProps>): string[] {
  const directory = sourceDirectory({ 'requirements.txt': 'psycopg2==2.9.11\n', 'app.py': '' });
  const image = new PythonImage(freshStack(), 'Api', { directory, main: 'app.py', ...props });
  return instructions(image.dockerfile);
}

describe('packages of the builder', () => {
  test('are installed once, for all stages that are built from it', () => {
    const lines = python({ builderPackages: ['gcc', 'libpq-dev'] });
    expect(lines[0]).toBe('FROM python:3.13-slim-trixie AS builder');
    expect(lines[1]).toContain('apt-get install -y --no-install-recommends gcc libpq-dev');
    expect(lines).toContain('FROM builder AS dependencies');
    expect(lines.filter((line) => line.includes('python:3.13-slim-trixie'))).toHaveLength(1);
  });

  test.each(['libpq5; rm -rf /', '-o', 'LIBPQ'])('fail for %s, which is no name of a package', (name) => {
    expect(() => python({ builderPackages: [name] })).toThrow(/^Web\/Api: builderPackages .*it is no name/);
  });
});

describe('shared libraries', () => {
  test('come with what they need and the base lacks', () => {
    const lines = python({ builderPackages: ['libpq5'], sharedLibraries: ['libpq.so.5', '/usr/bin/pdftotext'] });
    expect(lines).toContain(
      'RUN --mount=type=bind,from=gcr.io/distroless/python3-debian13:nonroot,target=/base sh /src/shared-libraries.sh /base /libraries /usr/lib/x86_64-linux-gnu libpq.so.5 /usr/bin/pdftotext',
    );
    expect(lines).toContain('COPY --from=libraries /libraries/ /');
  });

  test.each(['/bin/sh', '/usr/bin/bash', '/usr/bin/apt-get'])('fail for %s', (path) => {
    expect(() => python({ sharedLibraries: [path] })).toThrow(/it is a (shell|package-manager), which the image is/);
  });

  test.each(['libpq', '../libpq.so.5', '$(id)'])('fail for %s, which is no library', (name) => {
    expect(() => python({ sharedLibraries: [name] })).toThrow(/it is no library; write libpq.so.5/);
  });

  test('fail on a base that could not load them', () => {
    const directory = sourceDirectory({ 'go.mod': 'module example.com/api\n', 'main.go': 'package main\n' });
    const image = (base: DistrolessBase) =>
      new GoImage(freshStack(), 'Api', { directory, base, sharedLibraries: ['libpq.so.5'] });
    expect(() => image(DistrolessBase.STATIC)).toThrow(/has no dynamic linker/);
    expect(() => image(DistrolessBase.CHAINGUARD_GLIBC_DYNAMIC)).toThrow(/nothing is known of a builder/);
  });
});

describe('native modules', () => {
  const CHECK =
    'RUN --mount=type=bind,from=gcr.io/distroless/python3-debian13:nonroot,target=/base sh /checks/native-modules.sh /base /deps /usr/lib/x86_64-linux-gnu';

  test('are looked into for libraries that the base lacks, unless the user did', () => {
    expect(python({})).toContain(CHECK);
    expect(python({ sharedLibraries: ['libpq.so.5'] })).not.toContain(CHECK);
  });

  test('are not looked into for a base whose libraries lie elsewhere', () => {
    const base = DistrolessBase.CHAINGUARD_PYTHON;
    expect(python({ base, builder: 'python:3.14-slim' }).join('\n')).not.toContain('native-modules.sh');
  });
});
