import { InspectionError } from '../inspection-error';
import { mayHoldChanges, possibleHardLinkTargets, readChanges, type Change } from '../scan/change-list';
import type { LayerScan } from '../scan/layer-scan';
import { emptyDirectory, weight, type DirectoryNode, type Node } from './node';
import { PathResolver } from './path-resolver';

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

  /** @param maximumSteps how many steps from directory to directory all work on the tree may take */
  public constructor(maximumSteps: number) {
    this.resolver = new PathResolver(this.root, maximumSteps);
  }

  /** Puts a layer on top. */
  public apply(layer: number, scan: LayerScan): void {
    const below = this.hardLinkTargets(scan);
    this.hideAll(layer, scan);
    // Where nothing is below, what is not in the tree itself changes nothing.
    const nothingBelow = this.isEmpty;
    readChanges(scan.changes, (change) => {
      if (nothingBelow && (change.kind === 'file' || change.kind === 'directory')) return;
      if (change.kind === 'hardlink') this.link(layer, change.path, change.target, below);
      else this.change(layer, change, scan);
    });
  }

  private get isEmpty(): boolean {
    return this.root.children.size === 0;
  }

  /** What a layer hides, it hides before it brings anything. */
  private hideAll(layer: number, { changes }: LayerScan): void {
    if (this.isEmpty || (!mayHoldChanges(changes, 'whiteout') && !mayHoldChanges(changes, 'opaque'))) return;
    readChanges(changes, (change) => {
      if (change.kind === 'whiteout' || change.kind === 'opaque') this.hide(layer, change);
    });
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

  private hide(layer: number, { kind, path }: Change): void {
    if (kind === 'whiteout') return this.remove(layer, path);
    const directory = this.resolver.findWithoutLinks(path);
    if (directory?.kind !== 'directory') return;
    for (const name of [...directory.children.keys()]) this.prune(directory, name, layer);
  }

  private change(layer: number, change: Exclude<Change, { readonly kind: 'hardlink' }>, scan: LayerScan): void {
    switch (change.kind) {
      case 'file':
        return this.remove(layer, change.path);
      case 'directory':
        return this.removeUnlessDirectory(layer, change.path);
      case 'symlink':
        return this.put(change.path, { kind: 'link', target: change.target, layer });
      case 'content': {
        const content = scan.contents[change.content];
        return this.put(change.path, { kind: 'file', content, layer, origin: { layer, path: change.path } });
      }
      default:
    }
  }

  private link(layer: number, path: string, target: string, below: ReadonlyMap<string, Node>): void {
    const node = this.resolver.findBelowLinks(target) ?? below.get(target);
    if (node === undefined || node.kind === 'directory') this.remove(layer, path);
    else this.put(path, { ...node, layer });
  }

  private put(path: string, node: Node & { readonly layer: number }): void {
    const { directory, name, linked } = this.resolver.makeParent(path);
    const present = directory.children.get(name);
    if (present?.kind === 'directory' && !linked) this.prune(directory, name, node.layer);
    const left = directory.children.get(name);
    if (left?.kind === 'directory') return this.keepBoth(path);
    const contested = linked || left?.layer === node.layer;
    if (!contested || weight(node) >= weight(left)) directory.children.set(name, node);
  }

  private keepBoth(path: string): never {
    throw new InspectionError('ambiguous', 'something that is no directory comes where a directory stays', { path });
  }

  private remove(layer: number, path: string): void {
    const parent = this.resolver.findParentWithoutLinks(path);
    if (parent) this.prune(parent.directory, parent.name, layer);
  }

  private removeUnlessDirectory(layer: number, path: string): void {
    const parent = this.resolver.findParentWithoutLinks(path);
    const node = parent?.directory.children.get(parent.name);
    if (parent && node && node.kind !== 'directory') this.prune(parent.directory, parent.name, layer);
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
