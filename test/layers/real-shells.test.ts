import { gzipSync } from 'node:zlib';
import type { LayerFacts } from '../../lib/layers/layer-facts';
import { debianPackage, HAS_APT, packagedFiles, type PackagedFile } from './fixtures/debian-packages';
import { dockerArchive, image, inspectArchive, layer } from './fixtures/image-builder';
import type { TarMember } from './fixtures/tar-builder';

/** Debian's packages, and the paths of the shells or package managers in them. */
const SHELLS: Readonly<Record<string, RegExp>> = {
  bash: /bin\/bash$/,
  'bash-static': /bin\/bash-static$/,
  busybox: /bin\/busybox$/,
  'busybox-static': /bin\/busybox$/,
  csh: /bin\/bsd-csh$/,
  dash: /bin\/dash$/,
  elvish: /bin\/elvish$/,
  fish: /bin\/fish$/,
  'klibc-utils': /klibc\/bin\/sh$/,
  'ksh93u+m': /bin\/ksh93$/,
  mksh: /bin\/[lm]ksh$/,
  posh: /bin\/posh$/,
  rc: /bin\/rc\.byron$/,
  '9base': /plan9\/bin\/rc$/,
  sash: /bin\/sash$/,
  tcsh: /bin\/tcsh$/,
  toybox: /bin\/toybox$/,
  yash: /bin\/yash$/,
  zsh: /bin\/zsh$/,
  'zsh-static': /bin\/zsh-static$/,
};

const PACKAGE_MANAGERS: Readonly<Record<string, RegExp>> = {
  apt: /bin\/apt(-get)?$/,
  dpkg: /bin\/dpkg(-deb)?$/,
  rpm: /bin\/rpm$/,
  dnf5: /bin\/dnf5$/,
  'pacman-package-manager': /bin\/pacman$/,
  zypper: /bin\/zypper$/,
  cargo: /usr\/bin\/cargo$/,
};

/** Package managers that are scripts are known by where they lie. */
const SCRIPTED: Readonly<Record<string, RegExp>> = {
  dnf: /bin\/dnf-3$/,
  'python3-pip': /(bin\/pip3|dist-packages\/pip\/__main__\.py)$/,
  'python3-pip-whl': /pip-[^/]*\.whl$/,
  npm: /bin\/npm-cli\.js$|(node_modules|nodejs)\/npm\/package\.json$/,
};

const NOTHING_FOUND = 'nothing';

function inspect(...layers: ReadonlyArray<readonly TarMember[]>): LayerFacts {
  return inspectArchive(dockerArchive(image(layers.map((members) => layer(members, gzipSync)))));
}

function told(facts: LayerFacts, category: string): string[] {
  const paths = facts.tools.filter((tool) => tool.category === category).map(({ path }) => path);
  return paths.length > 0 ? paths : [NOTHING_FOUND];
}

function asMember({ path, mode, body }: PackagedFile, name = path): TarMember {
  return { name, mode, body };
}

function contentTests(category: string, packages: Readonly<Record<string, RegExp>>): void {
  describe.each(Object.entries(packages))('%s', (name, pattern) => {
    const deb = debianPackage(name);
    const testPackage = deb ? test : test.skip;
    const suffix = deb ? '' : ` (skipped: this Debian release has no package ${name})`;
    let files: PackagedFile[] = [];

    beforeAll(() => {
      files = deb ? packagedFiles(deb, (path) => pattern.test(path)) : [];
    });

    testPackage(`is found under an innocent name${suffix}`, () => {
      expect(files).not.toEqual([]);
      for (const file of files)
        expect(told(inspect([asMember(file, 'app/data.bin')]), category)).toEqual(['/app/data.bin']);
    });

    testPackage(`is found when nobody may execute it${suffix}`, () => {
      for (const file of files) {
        expect(told(inspect([{ ...asMember(file, 'srv/x'), mode: 0o600 }]), category)).toEqual(['/srv/x']);
      }
    });

    testPackage(`is found by its hard links and behind chains of links${suffix}`, () => {
      const [file] = files;
      const links: TarMember[] = [
        { name: 'app/tool', type: '1', target: 'opt/a/b' },
        { name: 'opt/link', type: '2', target: 'a' },
        { name: 'usr/one', type: '2', target: '../opt/link/b' },
        { name: 'usr/two', type: '2', target: '/usr/one' },
      ];
      const paths = told(inspect([asMember(file, 'opt/a/b'), ...links]), category);
      expect(paths).toEqual(expect.arrayContaining(['/app/tool', '/opt/a/b', '/usr/one', '/usr/two']));
    });

    testPackage(`is gone behind a whiteout, but for its other names${suffix}`, () => {
      const below = asMember(files[0], 'opt/x');
      const whiteout = { name: 'opt/.wh.x' };
      expect(told(inspect([below], [whiteout]), category)).toEqual([NOTHING_FOUND]);
      const link: TarMember = { name: 'app/y', type: '1', target: 'opt/x' };
      expect(told(inspect([below, link], [whiteout]), category)).toEqual(['/app/y']);
    });
  });
}

const describeReal = HAS_APT ? describe : describe.skip;

describeReal('real shells (needs apt)', () => contentTests('shell', SHELLS));

describeReal('real package managers (needs apt)', () => {
  contentTests('package-manager', PACKAGE_MANAGERS);

  describe.each(Object.entries(SCRIPTED))('%s', (name, pattern) => {
    const deb = debianPackage(name);
    const testPackage = deb ? test : test.skip;

    testPackage(`is found where it lies${deb ? '' : ` (skipped: no package ${name})`}`, () => {
      const files = packagedFiles(deb as string, (path) => pattern.test(path));
      expect(files).not.toEqual([]);
      const paths = told(inspect(files.map((file) => asMember(file))), 'package-manager');
      expect(paths).not.toEqual([NOTHING_FOUND]);
    });
  });
});
