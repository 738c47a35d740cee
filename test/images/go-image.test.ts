import { DistrolessBase, GoImage } from '../../lib';
import type { GoImageProps } from '../../lib';
import { freshStack, instructions, sourceDirectory } from './source-directory';

const PROJECT = {
  'go.mod': 'module example.com/api\n\ngo 1.26\n\nrequire github.com/google/uuid v1.6.0\n',
  'go.sum': '',
  'main.go': 'package main\n',
};

function define(files: Record<string, string | object>, props: Partial<GoImageProps> = {}): GoImage {
  return new GoImage(freshStack(), 'Api', { directory: sourceDirectory(files), ...props });
}

function rendered(files: Record<string, string | object>, props: Partial<GoImageProps> = {}): string[] {
  return instructions(define(files, props).dockerfile);
}

const compiled = (lines: string[]) => lines.find((line) => line.includes('go build'));

test('a program is linked statically, compiled for the image on the machine’s own architecture, and alone in the image', () => {
  expect(define(PROJECT).dockerfile).toMatchInlineSnapshot(`
"# The program.
FROM --platform=$BUILDPLATFORM golang:1.26-trixie AS build
ARG TARGETOS
ARG TARGETARCH
WORKDIR /src
ENV CGO_ENABLED=0 \\
    GOTOOLCHAIN=local
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod \\
    go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod \\
    --mount=type=cache,target=/root/.cache/go-build \\
    GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -buildvcs=false -ldflags '-s -w' -o /app/main .

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /app/main /app/main
LABEL org.opencontainers.image.base.name=gcr.io/distroless/static-debian13:nonroot
WORKDIR /app
USER 65532
ENTRYPOINT ["/app/main"]
"
`);
});

test('the main package can be anywhere in the module', () => {
  const lines = rendered({ ...PROJECT, 'cmd/worker/main.go': '// Worker.\npackage main\n' }, { main: './cmd/worker' });
  expect(compiled(lines)).toMatch(/-o \/app\/main \.\/cmd\/worker$/);
});

test('tags, variables and linker options reach the compiler', () => {
  const props = {
    tags: ['timetzdata', 'netgo'],
    variables: { 'main.version': '1.2.3', 'main.title': 'An API' },
    ldflags: ['-v'],
  };
  expect(compiled(rendered(PROJECT, props))).toContain(
    `-tags timetzdata,netgo -ldflags '-s -w -v -X main.version=1.2.3 -X '\\''main.title=An API'\\'''`,
  );
});

test('with cgo the program is built where it runs, against the C library of the base', () => {
  const lines = rendered(PROJECT, { cgo: true });
  expect(lines[0]).toBe('FROM golang:1.26-trixie AS build');
  expect(lines).toContain('ENV CGO_ENABLED=1 GOTOOLCHAIN=local');
  expect(lines).toContain('FROM gcr.io/distroless/base-debian13:nonroot');
});

test('dependencies that lie in the project are not downloaded', () => {
  const lines = rendered({ ...PROJECT, 'vendor/modules.txt': '' });
  expect(lines.join('\n')).not.toContain('go mod download');
});

test('the modules of a workspace and replaced ones are known before the sources are copied', () => {
  const lines = rendered(
    {
      'go.work': 'go 1.26\n\nuse (\n\t./api\n\t./shared // both\n)\n',
      'api/go.mod': 'module example.com/api\nreplace example.com/local => ./local\n',
      'api/local/go.mod': 'module example.com/local\n',
      'api/main.go': 'package main\n',
      'shared/go.mod': 'module example.com/shared\n',
    },
    { main: 'api' },
  );
  const copies = lines.slice(0, lines.indexOf('COPY . .')).filter((line) => line.startsWith('COPY'));
  expect(copies).toEqual([
    'COPY go.work ./',
    'COPY api/go.mod ./api/',
    'COPY shared/go.mod ./shared/',
    'COPY api/local/go.mod ./api/local/',
  ]);
});

test('modules that only need each other have no go.sum', () => {
  const files = {
    'go.work': 'go 1.26\n\nuse ./api\nuse ./shared\n',
    'api/go.mod':
      'module example.com/api\n\nrequire example.com/shared v0.0.0\n\nrequire (\n\texample.com/local v1.0.0 // kept here\n)\n\nreplace example.com/local => ./local\n',
    'api/local/go.mod': 'module example.com/local\n',
    'api/main.go': 'package main\n',
    'shared/go.mod': 'module example.com/shared\n',
  };
  expect(() => define(files, { main: 'api' })).not.toThrow();
  expect(() =>
    define(
      { ...files, 'shared/go.mod': 'module example.com/shared\nrequire github.com/google/uuid v1.6.0\n' },
      { main: 'api' },
    ),
  ).toThrow('shared/go.mod requires github.com/google/uuid, and there is no go.sum beside it');
});

test('a workspace whose modules require each other downloads what is published only', () => {
  const files = {
    'go.work': 'go 1.26\nuse (\n\t./api\n\t./shared\n)\n',
    'api/go.mod':
      'module example.com/api\nrequire (\n\texample.com/shared v0.0.0\n\tgithub.com/google/uuid v1.6.0\n)\n',
    'api/go.sum': '',
    'api/main.go': 'package main\n',
    'shared/go.mod': 'module example.com/shared\nrequire github.com/google/uuid v1.6.0\n',
    'shared/go.sum': '',
  };
  const downloads = (given: typeof files) =>
    rendered(given, { main: 'api' }).filter((line) => line.includes('go mod download'));
  expect(downloads(files)).toEqual([expect.stringMatching(/ go mod download github\.com\/google\/uuid@v1\.6\.0$/)]);
  const alone = {
    ...files,
    'api/go.mod': 'module example.com/api\nrequire example.com/shared v0.0.0\n',
    'shared/go.mod': 'module example.com/shared\n',
  };
  expect(downloads(alone)).toEqual([]);
});

test('private modules are asked for at their own hosts, with credentials that stay out of the image', () => {
  const lines = rendered(PROJECT, {
    privateModules: ['github.com/example/*'],
    buildSecrets: { netrc: 'src=/home/me/.netrc' },
  });
  expect(lines).toContain('ENV CGO_ENABLED=0 GOTOOLCHAIN=local GOPRIVATE="github.com/example/*"');
  expect(lines.filter((line) => line.includes('id=netrc,target=/root/.netrc'))).toHaveLength(2);
});

test('files that the program reads lie beside it, and arguments are its command', () => {
  const lines = rendered(PROJECT, {
    extraFiles: ['templates'],
    args: ['-port', '8080'],
    base: DistrolessBase.CHAINGUARD_STATIC,
  });
  expect(lines).toContain('COPY templates /app/templates');
  expect(lines.slice(-2)).toEqual(['ENTRYPOINT ["/app/main"]', 'CMD ["-port", "8080"]']);
});

describe('a wrong prop is refused with path, prop, value and change', () => {
  test.each<[string, Record<string, string | object>, Partial<GoImageProps>, string]>([
    ['no go.mod', { 'main.go': 'package main' }, {}, 'there is no go.mod in it'],
    [
      'no go.sum',
      { ...PROJECT, 'go.sum': undefined as unknown as string },
      {},
      'there is no go.sum beside it; make one with go mod tidy',
    ],
    [
      'a newer Go than the builder’s',
      { ...PROJECT, 'go.mod': 'module x\ngo 1.99.1\n' },
      {},
      'go.mod wants Go 1.99, and the builder golang:1.26-trixie has 1.26',
    ],
    ['no program', { ...PROJECT, 'main.go': 'package lib' }, {}, "main '.': there is no package main in"],
    [
      'a main elsewhere',
      { ...PROJECT, 'cmd/api/main.go': 'package main' },
      { main: './cmd' },
      'name one of these: ./cmd/api',
    ],
    ['a generator', { ...PROJECT, 'main.go': '//go:build ignore\n\npackage main' }, {}, 'there is no package main'],
    [
      'cgo on a base without a C library',
      PROJECT,
      { cgo: true, base: DistrolessBase.STATIC },
      'use DistrolessBase.BASE',
    ],
    ['a module outside', { ...PROJECT, 'go.mod': 'module x\nreplace y => ../y\n' }, {}, 'which lies outside of it'],
    [
      'a quote for the linker',
      PROJECT,
      { variables: { 'main.v': "it's" } },
      "variables.main.v 'it's': the linker takes no quotes",
    ],
  ])('%s', (_, files, props, message) => {
    const given = Object.fromEntries(Object.entries(files).filter(([, content]) => content !== undefined));
    expect(() => define(given, props)).toThrow(message);
  });
});
