import { closeSync, fstatSync } from 'node:fs';
import type { ByteSink, FileRange } from '../image-source';
import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';
import { TarReader } from '../tar/tar-reader';
import type { TarEntry } from '../tar/tar-entry';
import { readRange, readWhole } from './file-window';
import { DocumentCheck, missingFile, type ImageFiles } from './image-files';

/** Links from member to member that are followed. */
const MOST_LINKS = 16;

type Member = FileRange | { readonly target: string };

/** The members of an uncompressed tar archive, read where they lie. Closes the file descriptor in the end. */
export class ArchiveFiles implements ImageFiles {
  private readonly members = new Map<string, Member>();
  private readonly documents: DocumentCheck;
  private pathBytes = 0;

  public constructor(
    private readonly fd: number,
    private readonly limits: Limits,
  ) {
    this.documents = new DocumentCheck(limits);
    const tar = new TarReader((entry) => this.enter(entry));
    readRange({ fd, start: 0, size: fstatSync(fd).size }, tar);
    tar.finish();
  }

  public has(path: string): boolean {
    return this.find(path) !== undefined;
  }

  public sizeOf(path: string): number {
    return this.get(path).size;
  }

  public read(path: string, into: ByteSink): void {
    readRange(this.get(path), into);
  }

  public rangeOf(path: string): FileRange {
    return this.get(path);
  }

  public readDocument(path: string): Buffer {
    const range = this.get(path);
    this.documents.count(path, range.size);
    return readWhole(range);
  }

  public close(): void {
    closeSync(this.fd);
  }

  private enter({ type, path, target, sizeBytes, offset, bodyOffset }: TarEntry): undefined {
    if (type === 'directory' || type === 'other') return;
    this.count(path.length + target.length);
    if (this.members.has(path)) {
      throw new InspectionError('ambiguous', 'the archive has two members of one name', { path, offset });
    }
    const member = type === 'file' ? { fd: this.fd, start: bodyOffset, size: sizeBytes } : linkTo(type, path, target);
    this.members.set(path, member);
  }

  private count(pathBytes: number): void {
    const { limits } = this;
    if (this.members.size >= limits.archiveMembers)
      throw new InspectionError('limit', `more than ${limits.archiveMembers} members in the archive`);
    this.pathBytes += pathBytes;
    if (this.pathBytes > limits.pathBytes)
      throw new InspectionError('limit', `paths of more than ${limits.pathBytes} bytes in the archive`);
  }

  private get(path: string): FileRange {
    const range = this.find(path);
    if (!range) throw missingFile(path);
    return range;
  }

  private find(path: string): FileRange | undefined {
    let member = this.members.get(path);
    for (let links = 0; member && 'target' in member && links < MOST_LINKS; links++)
      member = this.members.get(member.target);
    return member && 'target' in member ? undefined : member;
  }
}

/** Old versions of Docker save a layer that several images have only once, and link to it. */
function linkTo(type: 'symlink' | 'hardlink', path: string, target: string): Member {
  if (type === 'hardlink' || target.startsWith('/')) return { target: target.replace(/^\/+/, '') };
  const names = path.split('/').slice(0, -1);
  for (const name of target.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return { target: names.join('/') };
}
