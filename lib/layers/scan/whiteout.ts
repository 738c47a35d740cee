import { InspectionError } from '../inspection-error';
import type { Change } from './change-list';

/** The names that the OCI image specification gives to what a layer takes away ("Image Layer Filesystem Changeset"). */
const PREFIX = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** AUFS kept files of its own under such names; they are files like others. */
const META_PREFIX = '.wh..wh.';

/**
 * What an entry takes away from the layers below; undefined when it is not a whiteout.
 *
 * @throws InspectionError when it is one that names nothing
 */
export function whiteoutOf(path: string): Change | undefined {
  const slash = path.lastIndexOf('/');
  if (!path.startsWith(PREFIX, slash + 1)) return undefined;
  const directory = path.slice(0, Math.max(slash, 0));
  const name = path.slice(slash + 1);
  if (name === OPAQUE) return { kind: 'opaque', path: directory };
  if (name.startsWith(META_PREFIX)) return undefined;
  const hidden = name.slice(PREFIX.length);
  if (['', '.', '..'].includes(hidden)) throw new InspectionError('corrupt', 'whiteout that names nothing', { path });
  return { kind: 'whiteout', path: directory === '' ? hidden : `${directory}/${hidden}` };
}
