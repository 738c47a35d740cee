import { InspectionError } from '../inspection-error';
import { possibleHardLinkTargets, readChanges, type ChangeVisitor } from '../scan/change-list';
import type { LayerScan } from '../scan/layer-scan';
import { emptyDirectory, weight, type DirectoryNode, type Node } from './node';
import { PathResolver, type TreeLimits } from './path-resolver';

/**
 * The files of an image: its layers put on top of each other, as far as it matters.
 *
 * Only programs, scripts and links are in the tree, and the directories that lead to them. Other files are not, but what they replace
 * is taken out. Where runtimes differ in what a layer hides, nothing is hidden:
 *
 * - A whiteout, and a second entry of the same name, take nothing away that their own layer brought. The specification says so of
 *   whiteouts; containerd goes by the order of the archive.
 * - Nothing is taken away behind a link. containerd unpacks a layer onto those below and follows their links; Docker's overlay driver
 *   unpacks it on its own, so that a directory takes the link's place.
 */
export class FileTree {
  public readonly root: DirectoryNode = emptyDirectory();
  public readonly resolver: PathResolver;

  public constructor(limits: TreeLimits) {
    this.resolver = new PathResolver(this.root, limits);
  }

  /** Puts a layer on top. */
  public apply(layer: number, scan: LayerScan): void {
    const below = this.hardLinkTargets(scan);
    readChanges(scan.hides, this.hiding(layer));
    readChanges(scan.changes, this.bringing(layer, scan, below));
  }

  private get isEmpty(): boolean {
    return this.root.children.size === 0;
  }

  /** What hard links lead to in the layers below: one that comes before a whiteout in the archive keeps what the whiteout hides. */
  private hardLinkTargets({ changes }: LayerScan): Map<string, Node> {
    const targets = new Map<string, Node>();
    if (this.isEmpty) return targets;
    for (const target of possibleHardLinkTargets(changes)) {
      const node = this.resolver.findBelowLinks(target);
      if (node) targets.set(target, node);
    }
    return targets;
  }

  /** What a layer hides, it hides before it brings anything. */
  private hiding(layer: number): ChangeVisitor {
    let directory = '';
    return {
      enter: (path) => (directory = path),
      files: () => undefined,
      note: (kind, name) => {
        if (kind === 'whiteout') this.remove(layer, directory, name);
        else this.empty(layer, directory);
      },
    };
  }

  private bringing(layer: number, { contents }: LayerScan, below: ReadonlyMap<string, Node>): ChangeVisitor {
    // Where nothing is below, what is not in the tree itself changes nothing.
    const nothingBelow = this.isEmpty;
    let directory = '';
    return {
      enter: (path, brought) => {
        directory = path;
        if (brought && !nothingBelow) this.removeUnlessDirectory(layer, path);
      },
      files: (names) => {
        if (!nothingBelow) this.remove(layer, directory, names);
      },
      note: (kind, name, detail) => {
        if (kind === 'symlink') this.put(directory, name, { kind: 'link', target: detail, layer });
        else if (kind === 'hardlink') this.link(layer, directory, name, detail, below);
        else {
          const origin = { layer, path: joined(directory, name) };
          this.put(directory, name, { kind: 'file', content: contents[Number(detail)], layer, origin });
        }
      },
    };
  }

  private empty(layer: number, path: string): void {
    const directory = this.resolver.findDirectory(path);
    if (directory) for (const name of [...directory.children.keys()]) this.prune(directory, name, layer);
  }

  private link(layer: number, directory: string, name: string, target: string, below: ReadonlyMap<string, Node>): void {
    const node = this.resolver.findBelowLinks(target) ?? below.get(target);
    if (node === undefined || node.kind === 'directory') this.remove(layer, directory, name);
    else this.put(directory, name, { ...node, layer });
  }

  private put(path: string, name: string, node: Node & { readonly layer: number }): void {
    const { directory, linked } = this.resolver.makeDirectory(path, name);
    const present = directory.children.get(name);
    if (present?.kind === 'directory' && !linked) this.prune(directory, name, node.layer);
    const left = directory.children.get(name);
    if (left?.kind === 'directory') return this.keepBoth(joined(path, name));
    const contested = linked || left?.layer === node.layer;
    if (!contested || weight(node) >= weight(left)) directory.children.set(name, node);
  }

  private keepBoth(path: string): never {
    throw new InspectionError('ambiguous', 'something that is no directory comes where a directory stays', { path });
  }

  /** @param names with slashes in between */
  private remove(layer: number, path: string, names: string): void {
    const directory = this.resolver.findDirectory(path);
    if (directory) for (const name of names.split('/')) this.prune(directory, name, layer);
  }

  private removeUnlessDirectory(layer: number, path: string): void {
    const slash = path.lastIndexOf('/');
    const directory = this.resolver.findDirectory(path.slice(0, Math.max(slash, 0)));
    const name = path.slice(slash + 1);
    const node = directory?.children.get(name);
    if (directory && node && node.kind !== 'directory') this.prune(directory, name, layer);
  }

  /** Takes out what lower layers brought. */
  private prune(directory: DirectoryNode, name: string, layer: number): void {
    this.resolver.step();
    const node = directory.children.get(name);
    if (node === undefined || (node.kind !== 'directory' && node.layer >= layer)) return;
    if (node.kind === 'directory') {
      for (const child of [...node.children.keys()]) this.prune(node, child, layer);
      if (node.children.size > 0) return;
      this.resolver.forget();
    }
    directory.children.delete(name);
  }
}

function joined(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
