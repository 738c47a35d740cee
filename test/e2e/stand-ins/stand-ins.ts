import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addBuilderImages } from './builder-images';
import { cacheFolder, sha256 } from './cache-folder';
import { addChiselledBases } from './chiselled-bases';
import { DebianPackages } from './debian-packages';
import { addDistrolessBases } from './distroless-bases';
import { DOTNET_OBSTACLE } from './dotnet/dotnet-sdk';
import { type MachineSettings, machineSettings } from './machine-settings';
import { OciLayout } from './oci-layout';

/** Makes whatever is missing of the stand-ins, and answers the OCI layout that holds them. */
export async function prepareStandIns(log: (message: string) => void): Promise<string> {
  const folder = cacheFolder('oci');
  const debian = new DebianPackages();
  const [settings] = await Promise.all([machineSettings(), debian.open()]);
  const ready = join(folder, 'ready');
  const state = stateOf(debian, settings);
  if (existsSync(ready) && readFileSync(ready, 'utf8') === state) return folder;
  log('making stand-ins of the distroless bases and builder images (minutes without a cache)');
  const layout = new OciLayout(folder);
  await addDistrolessBases(layout, debian);
  if (DOTNET_OBSTACLE === undefined) await addChiselledBases(layout, debian);
  log('the bases are made');
  await addBuilderImages(layout, debian, settings);
  layout.close();
  writeFileSync(ready, state);
  return folder;
}

/** Everything that the images are made of: the archive's state, the machine's settings, the recipes. */
function stateOf(debian: DebianPackages, settings: MachineSettings): string {
  const recipes = readdirSync(__dirname, { recursive: true, withFileTypes: true }).filter(({ name }) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  const texts = recipes.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).sort();
  return sha256(JSON.stringify([debian.state(), settings, texts]));
}
