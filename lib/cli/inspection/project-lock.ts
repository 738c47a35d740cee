import { join } from 'node:path';
import { LOCK_FILE_NAME, LockFile } from '../../evidence/lock-file';

/** The lock file of the project in a directory; empty when there is none. */
export function projectLock(directory: string): LockFile {
  return LockFile.load(join(directory, LOCK_FILE_NAME));
}
