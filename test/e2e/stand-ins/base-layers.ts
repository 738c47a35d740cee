import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { sha256 } from './cache-folder';
import { mapLimited } from './commands';
import type { DebianPackages } from './debian-packages';
import type { Layer, OciLayout, Seal } from './oci-layout';
import { packageLayer, unpacked } from './package-layers';
import * as tar from './tar-writer';

/** What the layers of all families of bases are made by; the layout sees to it that none is made twice. */
export class BaseLayers {
  private readonly recipe: string;

  /** The recipe is the source of who makes the layers: a part of what they are remembered under, as a changed one makes new layers. */
  public constructor(
    private readonly layout: OciLayout,
    protected readonly debian: DebianPackages,
    recipe: string,
  ) {
    this.recipe = sha256(readFileSync(__filename, 'utf8') + readFileSync(recipe, 'utf8'));
  }

  /** A layer a package, as distroless' own build has it. */
  public async packages(names: readonly string[]): Promise<Layer[]> {
    const packages = await this.debian.fetch(names);
    return mapLimited(packages, 2, (deb) =>
      this.layout.layer(`package ${deb.file}`, async (seal) => seal(await packageLayer(deb))),
    );
  }

  /** A layer of entries that are written down here. */
  protected entries(...entries: Buffer[]): Promise<Layer> {
    const archive = tar.archive(...entries);
    return this.layout.layer(`entries ${sha256(archive)}`, (seal) => seal(archive));
  }

  /** A layer that is worked out from what packages hold. */
  protected async derived(
    key: string,
    names: readonly string[],
    make: (root: string) => Promise<Buffer | Readable>,
  ): Promise<Layer> {
    const packages = await this.debian.fetch(names);
    const from = packages.map((deb) => deb.file).join(' ');
    return this.made(`${key} from ${from}`, (seal) => unpacked(packages, async (root) => seal(await make(root))));
  }

  /** A layer from elsewhere: the key names what it is made of. */
  protected made(key: string, make: (seal: Seal) => Promise<Layer>): Promise<Layer> {
    return this.layout.layer(`${key} ${this.recipe}`, make);
  }
}
