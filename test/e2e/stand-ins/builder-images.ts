import { readFileSync } from 'node:fs';
import { normaliseReference } from '../../../lib/bases/reference';
import { type Builder, PATH } from './builders/builder';
import { dotnetBuilder } from './builders/dotnet';
import { goBuilder } from './builders/go';
import { gradleBuilder } from './builders/gradle';
import { mavenBuilder } from './builders/maven';
import { nodeBuilder } from './builders/node';
import { pythonBuilder } from './builders/python';
import { rustBuilder } from './builders/rust';
import { sha256 } from './cache-folder';
import { javaTrustStore, mozillaBundle } from './certificates';
import { type DebianPackage, type DebianPackages, ESSENTIAL_PACKAGES } from './debian-packages';
import { DOTNET_OBSTACLE } from './dotnet/dotnet-sdk';
import { ImageTree } from './image-tree';
import { BUNDLE, type MachineSettings } from './machine-settings';
import type { Layer, OciLayout } from './oci-layout';
import { inFolder, packageDatabase, unpacked } from './package-layers';

/**
 * Stand-ins of the official images that builds start from: Debian 13's packages, with the tools where the official
 * images have them, since Dockerfiles rely on these places. Three layers each: what `debian:trixie-slim` is, the tools,
 * and this machine's client settings.
 */

/** Part of what layers are remembered under: a changed recipe makes new layers. */
const RECIPE = sha256(readFileSync(__filename));

/** Adds every builder image to the layout. */
export async function addBuilderImages(
  layout: OciLayout,
  debian: DebianPackages,
  settings: MachineSettings,
): Promise<void> {
  const make = new BuilderLayers(layout, debian);
  const slim = await make.system();
  const configured = await make.settings(settings);
  const debianConfig = { Env: [`PATH=${PATH}`], Cmd: ['bash'] };
  layout.addImage(normaliseReference('debian:trixie-slim'), debianConfig, [slim, configured]);
  for (const builder of await allBuilders(debian)) {
    const env = [...(builder.config.Env ?? []), ...settings.env];
    const layers = [slim, await make.tools(builder), configured];
    layout.addImage(normaliseReference(builder.reference), { ...builder.config, Env: env }, layers);
  }
}

async function allBuilders(debian: DebianPackages): Promise<Builder[]> {
  return [
    goBuilder(debian),
    rustBuilder(),
    mavenBuilder('25'),
    gradleBuilder('21'),
    await nodeBuilder('24', '11'),
    await nodeBuilder('22', '10'),
    pythonBuilder(),
    ...(DOTNET_OBSTACLE === undefined ? [await dotnetBuilder()] : []),
  ];
}

class BuilderLayers {
  public constructor(
    private readonly layout: OciLayout,
    private readonly debian: DebianPackages,
  ) {}

  /** The essential packages, with the users and links that their maintainer scripts make. */
  public async system(): Promise<Layer> {
    const packages = await this.debian.fetch(await this.debian.closure(ESSENTIAL_PACKAGES));
    return this.unpack('system', packages, async (tree) => {
      for (const name of ['passwd', 'group']) tree.move(`usr/share/base-passwd/${name}.master`, `etc/${name}`);
      tree.link('usr/bin/awk', 'mawk');
      tree.link('usr/bin/which', 'which.debianutils');
      tree.write('var/lib/dpkg/status', await packageDatabase(packages));
    });
  }

  /** What a builder has beyond the essential packages. */
  public async tools(builder: Builder): Promise<Layer> {
    const essential = await this.debian.closure(ESSENTIAL_PACKAGES);
    const all = await this.debian.closure([...ESSENTIAL_PACKAGES, ...builder.packages]);
    const added = await this.debian.fetch(all.filter((name) => !essential.includes(name)));
    const key = sha256(builder.ingredients.join('\n'));
    return this.unpack(`${builder.reference} ${key}`, added, async (tree) => {
      await builder.arrange(tree);
      tree.write('var/lib/dpkg/status', await packageDatabase(await this.debian.fetch(all)));
    });
  }

  /** The machine's certificates (Debian's where it has none) and client configuration. */
  public async settings(machine: MachineSettings): Promise<Layer> {
    const packages = await this.debian.fetch(['ca-certificates']);
    const bundle = machine.certificates ?? (await unpacked(packages, (root) => Promise.resolve(mozillaBundle(root))));
    const sources = readFileSync(this.debian.sources, 'utf8');
    const key = sha256(JSON.stringify([bundle, sources, machine.files]));
    return this.layout.layer(`settings ${key} ${RECIPE}`, (seal) =>
      inFolder((root) => {
        const tree = new ImageTree(root);
        tree.write(BUNDLE.slice(1), bundle);
        tree.write('etc/ssl/certs/java/cacerts', javaTrustStore(bundle));
        tree.write('etc/apt/sources.list', sources);
        for (const { path, content } of machine.files) tree.write(path, content, 0o600);
        return seal(tree.pack());
      }),
    );
  }

  private unpack(
    key: string,
    packages: readonly DebianPackage[],
    arrange: (tree: ImageTree) => Promise<void>,
  ): Promise<Layer> {
    const from = packages.map((deb) => deb.file).join(' ');
    return this.layout.layer(`${key} from ${from} ${RECIPE}`, (seal) =>
      unpacked(packages, async (root) => {
        const tree = new ImageTree(root);
        await arrange(tree);
        return seal(tree.pack());
      }),
    );
  }
}
