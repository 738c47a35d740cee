import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { DistrolessBase, PythonImage } from '../../lib';
import type { PythonImageProps } from '../../lib';
import { admitsPython } from '../../lib/images/python/version-specifier';
import { freshStack, instructions, sourceDirectory } from './source-directory';

const REQUIREMENTS = 'flask==3.1.3 \\\n    --hash=sha256:0ef\ngunicorn==23.0.0 --hash=sha256:ec4 # the server\n';
const PROJECT = { 'requirements.txt': REQUIREMENTS, 'app.py': '' };
const PYPROJECT = (python: string) => `[project]\nname = "api"\nrequires-python = "${python}"\n`;
const LOCK = '[[package]]\nname = "Uvicorn"\nversion = "0.38.0"\n';

function define(files: Record<string, string | object>, props: Partial<PythonImageProps> = {}): PythonImage {
  const start = props.main === undefined ? { module: 'app' } : {};
  return new PythonImage(freshStack(), 'Api', { directory: sourceDirectory(files), ...start, ...props });
}

function rendered(files: Record<string, string | object>, props: Partial<PythonImageProps> = {}): string[] {
  return instructions(define(files, props).dockerfile);
}

test('dependencies and program are compiled, apart from each other, and nothing of the builder comes along', () => {
  expect(define(PROJECT, { module: 'gunicorn', args: ['app:app'] }).dockerfile).toMatchInlineSnapshot(`
   "# What the lockfile names.
   FROM python:3.13-slim-trixie AS dependencies
   WORKDIR /src
   ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \\
       PIP_ROOT_USER_ACTION=ignore
   COPY requirements.txt ./requirements.txt
   RUN --mount=type=cache,target=/root/.cache/pip \\
       mkdir -p /deps \\
    && pip install --target=/deps --no-compile --requirement requirements.txt \\
    && rm -rf /deps/bin \\
    && (python -m compileall -q --invalidation-mode unchecked-hash -j 0 /deps || true)
   COPY .distroless/native-modules.sh /checks/
   RUN --mount=type=bind,from=gcr.io/distroless/python3-debian13:nonroot,target=/base \\
       sh /checks/native-modules.sh /base /deps /usr/lib/x86_64-linux-gnu

   # The program, compiled.
   FROM dependencies AS build
   WORKDIR /app
   COPY app.py ./app.py
   RUN python -m compileall -q --invalidation-mode unchecked-hash /app \\
    && PYTHONPATH=/deps:/app python -c 'import sys, importlib.util as u; sys.exit(not u.find_spec("gunicorn") and "there is no module gunicorn")'

   FROM gcr.io/distroless/python3-debian13:nonroot
   COPY --from=dependencies /deps /deps
   COPY --from=build /app /app
   ENV PYTHONPATH=/deps \\
       PYTHONUNBUFFERED=1 \\
       PYTHONDONTWRITEBYTECODE=1 \\
       XDG_RUNTIME_DIR=/dev/shm
   LABEL org.opencontainers.image.base.name=gcr.io/distroless/python3-debian13:nonroot
   WORKDIR /app
   USER 65532
   CMD ["-m", "gunicorn", "--worker-tmp-dir", "/dev/shm", "app:app"]
   "
  `);
});

test('a heartbeat directory of one’s own for gunicorn is left alone', () => {
  const lines = rendered(PROJECT, { module: 'gunicorn', args: ['--worker-tmp-dir', '/tmp', 'app:app'] });
  expect(lines.at(-1)).toBe('CMD ["-m", "gunicorn", "--worker-tmp-dir", "/tmp", "app:app"]');
});

test('dependencies are compiled in one process where builds are compared', () => {
  const compilation = /compileall -q --invalidation-mode unchecked-hash (.*)\/deps/;
  expect(compilation.exec(define(PROJECT).dockerfile)?.[1]).toBe('-j 0 ');
  expect(compilation.exec(define(PROJECT, { sourceDateEpoch: 1 }).dockerfile)?.[1]).toBe('');
});

test('a file can be run in place of a module', () => {
  expect(rendered(PROJECT, { main: 'app.py', pythonOptions: ['-X', 'dev'] }).at(-1)).toBe(
    'CMD ["-X", "dev", "app.py"]',
  );
});

test('sources in src are found there', () => {
  const lines = rendered({ ...PROJECT, 'src/api/__init__.py': '' }, { module: 'api' });
  expect(lines.join('\n')).toContain('ENV PYTHONPATH=/deps:/app/src');
});

test('files that only tools read stay out of the image', () => {
  const files = { ...PROJECT, 'pyproject.toml': '[project]', 'conftest.py': '', 'templates/a.html': '' };
  expect(rendered(files).filter((line) => line.startsWith('COPY') && !line.includes('--from'))).toEqual([
    'COPY requirements.txt ./requirements.txt',
    'COPY .distroless/native-modules.sh /checks/',
    'COPY app.py ./app.py',
    'COPY templates ./templates',
  ]);
});

test('a base without an entrypoint gets one', () => {
  const lines = rendered(PROJECT, { base: DistrolessBase.DHI_PYTHON_3_12 });
  expect(lines).toContain('ENTRYPOINT ["python3"]');
  expect(lines[0]).toBe('FROM python:3.12-slim-trixie AS dependencies');
});

test('a project that asks for its own version is installed, with the files that its package has', () => {
  const files = { ...PROJECT, 'pyproject.toml': '[project]', 'README.md': '', 'config.toml': '' };
  const lines = rendered(files, { module: 'app', installProject: true, extraFiles: ['config.toml'] });
  expect(lines.join('\n')).toContain('pip install --no-deps --no-compile --target=/project . && rm -rf /project/bin');
  expect(lines).toContain('COPY --from=build /project /project');
  expect(lines).toContain('COPY config.toml /app/config.toml');
  expect(lines.join('\n')).toContain('ENV PYTHONPATH=/deps:/project');
  expect(lines).toContain('WORKDIR /app');
});

test('an installed project without other files runs where it is, so that no directory has the time of the build', () => {
  const files = { ...PROJECT, 'pyproject.toml': '[project]' };
  expect(rendered(files, { module: 'app', installProject: true })).toContain('WORKDIR /project');
});

describe('the lockfile', () => {
  test('of uv is exported without development dependencies and the project itself', () => {
    const text = rendered({ 'pyproject.toml': '[project]', 'uv.lock': LOCK, 'app.py': '' }, { module: 'uvicorn' }).join(
      '\n',
    );
    expect(text).toContain('uv export --quiet --frozen --no-dev --no-emit-workspace');
    expect(text).toContain('COPY pyproject.toml ./pyproject.toml\nCOPY uv.lock ./uv.lock');
  });

  test.each([
    ['uv.lock', 'uv export --quiet --frozen --no-dev --no-emit-workspace --extra server --extra sql'],
    ['poetry.lock', 'poetry export --quiet --only main --extras server --extras sql'],
  ])('optional dependencies are those that are named, with %s', (lockfile, command) => {
    const files = { 'pyproject.toml': '[project]', [lockfile]: LOCK, 'app.py': '' };
    expect(rendered(files, { extras: ['server', 'sql'] }).join('\n')).toContain(command);
  });

  test('of Poetry is exported', () => {
    const text = rendered({ 'pyproject.toml': '[project]', 'poetry.lock': LOCK, 'app.py': '' }).join('\n');
    expect(text).toContain('poetry export --quiet --only main');
  });

  test('that is a requirements file brings the files that it refers to', () => {
    const files = {
      'requirements/prod.txt': '-r base.txt\n./wheels/own-1.0-py3-none-any.whl\n',
      'requirements/base.txt': '-c pins.txt\ngunicorn==23.0.0\n',
      'requirements/pins.txt': '',
      'wheels/own-1.0-py3-none-any.whl': '',
      'app.py': '',
    };
    const lines = rendered(files, { requirements: 'requirements/prod.txt', module: 'gunicorn' });
    expect(lines).toContain('COPY requirements/base.txt ./requirements/base.txt');
    expect(lines).toContain('COPY requirements/pins.txt ./requirements/pins.txt');
    expect(lines).toContain('COPY wheels/own-1.0-py3-none-any.whl ./wheels/own-1.0-py3-none-any.whl');
  });
});

describe('what a project says of the Pythons it runs on', () => {
  test.each([
    ['>=3.11', true],
    ['>=3.11,<3.13', false],
    ['>=3.11, <3.14', true],
    ['==3.11.*', false],
    ['==3.13.*', true],
    ['~=3.11', true],
    ['~=3.11.0', false],
    ['!=3.13.*', false],
    ['>3.13.2', true],
    ['<=3.13', true],
    ['<=3.12', false],
    ['^3.11', true],
    ['~3.11', false],
    ['~3.13', true],
    ['3.11', false],
    ['3.11 || 3.13', true],
    ['>=3.14', false],
    ['>=2.7, !=3.0.*, !=3.1.*', true],
  ])('%s admits 3.13: %s', (specifier, expected) => {
    expect(admitsPython(specifier, '3.13')).toBe(expected);
  });
});

describe('a wrong prop is refused with path, prop, value and change', () => {
  test.each<[string, Record<string, string | object>, Partial<PythonImageProps>, string | RegExp]>([
    [
      'a file to run of an installed project',
      { ...PROJECT, 'pyproject.toml': '' },
      { main: 'app.py', installProject: true },
      "main 'app.py': an installed project has no such file; name a module to run",
    ],
    ['nothing to install', PROJECT, { installProject: true }, 'there is no pyproject.toml that says how'],
    [
      'extras of a requirements file',
      PROJECT,
      { extras: ['server'] },
      'requirements.txt does not tell which packages these bring; compile it with them',
    ],
    ['no lockfile', { 'app.py': '' }, {}, 'there is no lockfile in it (requirements.txt, uv.lock, poetry.lock)'],
    [
      'two lockfiles',
      { ...PROJECT, 'uv.lock': '' },
      {},
      'there are several lockfiles in it: requirements.txt, uv.lock',
    ],
    [
      'a lockfile of another tool',
      { 'Pipfile.lock': '{}', 'app.py': '' },
      {},
      'make one with pipenv requirements --hash',
    ],
    [
      'a missing requirements file',
      PROJECT,
      { requirements: 'prod.txt' },
      "requirements 'prod.txt': there is no such file",
    ],
    ['a missing main', PROJECT, { main: 'main.py' }, "Web/Api: main 'main.py': there is no such file in"],
    [
      'a server that is not locked',
      PROJECT,
      { module: 'uvicorn' },
      "module 'uvicorn': the lockfile does not name that package",
    ],
    [
      'both module and main',
      PROJECT,
      { module: 'app', main: 'app.py' },
      "main 'app.py': module 'app' is given as well",
    ],
    ['neither module nor main', PROJECT, { module: undefined }, 'neither module nor main is given'],
    [
      'a project for another Python',
      { ...PROJECT, 'pyproject.toml': PYPROJECT('>=3.10,<3.12') },
      {},
      'it has Python 3.13, and pyproject.toml in',
    ],
    [
      'a poetry project for another Python',
      { ...PROJECT, 'pyproject.toml': '[tool.poetry.dependencies]\npython = "~3.11"\n' },
      {},
      'wants ~3.11',
    ],
    [
      'a wheel for another Python',
      { ...PROJECT, 'wheels/x-1.0-cp311-cp311-manylinux_2_17_x86_64.whl': '' },
      {},
      'is not made for Python 3.13 on Linux x86_64',
    ],
    [
      'a wheel for musl',
      { ...PROJECT, 'wheels/x-1.0-cp313-cp313-musllinux_1_2_x86_64.whl': '' },
      {},
      'is not made for',
    ],
    [
      'a wheel for another machine',
      { ...PROJECT, 'wheels/x-1.0-cp313-cp313-manylinux_2_17_x86_64.whl': '' },
      { architecture: CpuArchitecture.ARM64 },
      'on Linux aarch64',
    ],
    [
      'a compiled module of another Python',
      { ...PROJECT, 'x/_c.cpython-311-x86_64-linux-gnu.so': '' },
      {},
      'x/_c.cpython-311-x86_64-linux-gnu.so is not made',
    ],
    [
      'a project for another uv',
      { 'uv.lock': '', 'app.py': '', 'pyproject.toml': '[tool.uv]\nrequired-version = ">=99.1"\n' },
      {},
      /pyproject\.toml wants uv >=99\.1, and the builder gets [\d.]+; allow [\d.]+, or export a requirements\.txt/,
    ],
    [
      'a project for another Poetry',
      { 'poetry.lock': '', 'app.py': '', 'pyproject.toml': '[tool.poetry]\nrequires-poetry = "<1.8"\n' },
      {},
      'pyproject.toml wants poetry <1.8',
    ],
    ['a builder of another Python', PROJECT, { builder: 'python:3.12-slim-trixie' }, 'it has version 3.12 of python'],
  ])('%s', (_, files, props, message) => {
    expect(() => define(files, props)).toThrow(message);
  });

  test('wheels for several Pythons may lie side by side, and a stable interface serves later ones', () => {
    const wheels = [
      'x-1.0-cp311-cp311-linux_x86_64.whl',
      'x-1.0-cp313-cp313-linux_x86_64.whl',
      'y-1.0-cp39-abi3-manylinux2014_x86_64.whl',
    ];
    const files = Object.fromEntries(wheels.map((name) => [`wheels/${name}`, '']));
    expect(() => define({ ...PROJECT, ...files })).not.toThrow();
  });
});
