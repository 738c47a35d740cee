import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const LIB = resolve(__dirname, '../../lib');

/** Which rooms a room may import from; every room may import from itself. See CONTRIBUTING.md, "The rooms". */
const ARROWS: Record<string, readonly string[]> = {
  bases: [],
  layers: ['bases'],
  dockerfile: ['bases', 'layers'],
  policy: ['bases', 'dockerfile', 'layers'],
  report: ['bases', 'policy', 'dockerfile', 'layers'],
  evidence: ['bases', 'policy', 'dockerfile', 'layers'],
  assembly: ['bases', 'policy', 'dockerfile', 'layers', 'evidence'],
  images: ['bases', 'dockerfile'],
  services: ['images', 'bases'],
  guard: ['bases', 'policy', 'dockerfile', 'layers', 'assembly', 'evidence', 'report', 'images'],
  cli: ['bases', 'policy', 'dockerfile', 'layers', 'assembly', 'evidence', 'report'],
};

const PURE_ROOMS = ['bases', 'layers', 'dockerfile', 'policy', 'report'];

/** Modules that reach outside the process. In the pure rooms only `sources/` may use them. */
const IMPURE_MODULES = /^(node:)?(fs|fs\/promises|net|http|https|tls|dns|child_process|os|worker_threads)$/;

interface ImportLine {
  readonly file: string;
  readonly room: string;
  readonly specifier: string;
}

function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

const IMPORTS: ImportLine[] = sourceFiles(LIB).flatMap((file) => {
  const room = relative(LIB, file).split(sep)[0];
  const specifiers = readFileSync(file, 'utf8').matchAll(/(?:from|import|require\()\s*\(?'([^']+)'/g);
  return [...specifiers].map((match) => ({ file: relative(LIB, file), room, specifier: match[1] }));
});

describe('the arrows between the rooms', () => {
  test('a room imports only from the rooms it may know', () => {
    const offences = IMPORTS.filter(({ room, specifier }) => room in ARROWS && specifier.startsWith('.'))
      .map((line) => ({ ...line, to: relative(LIB, resolve(LIB, dirname(line.file), line.specifier)).split(sep)[0] }))
      .filter(({ room, to }) => to !== room && !ARROWS[room].includes(to));
    expect(offences).toEqual([]);
  });

  test('every folder of lib is a room', () => {
    const rooms = readdirSync(LIB, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map((room) => room.name).filter((name) => !(name in ARROWS))).toEqual([]);
  });

  test('the pure rooms import neither CDK nor constructs', () => {
    const offences = IMPORTS.filter(
      ({ room, specifier }) => PURE_ROOMS.includes(room) && /^(aws-cdk-lib|constructs|cdk-nag)/.test(specifier),
    );
    expect(offences).toEqual([]);
  });

  test('the pure rooms touch disk, network and processes only in sources/', () => {
    const offences = IMPORTS.filter(
      ({ room, file, specifier }) =>
        PURE_ROOMS.includes(room) && IMPURE_MODULES.test(specifier) && !file.split(sep).includes('sources'),
    );
    expect(offences).toEqual([]);
  });

  test('the pure rooms read neither the clock nor the environment', () => {
    const offences = sourceFiles(LIB)
      .filter((file) => PURE_ROOMS.includes(relative(LIB, file).split(sep)[0]) && !file.split(sep).includes('sources'))
      .filter((file) => /\b(process\.env|Date\.now|new Date\(\)|performance\.now)\b/.test(readFileSync(file, 'utf8')));
    expect(offences.map((file) => relative(LIB, file))).toEqual([]);
  });

  test('the index holds export lines only', () => {
    const lines = readFileSync(join(LIB, 'index.ts'), 'utf8').split('\n');
    expect(lines.filter((line) => line !== '' && !/^export (\* from|\{.*\} from)/.test(line))).toEqual([]);
  });
});
