import { InspectionError } from '../inspection-error';
import { emptyDirectory, type DirectoryNode, type Node } from './node';

/** How many links the Linux kernel follows before it gives up on a path. */
const MOST_LINKS = 40;

/** A place for a node. */
export interface Parent {
  readonly directory: DirectoryNode;
  readonly name: string;
  /** Whether a link led there. */
  readonly linked: boolean;
}

/** Where following a path ended. */
interface Arrival {
  readonly node: Node | undefined;
  /** The path without any links in it. */
  readonly names: readonly string[];
}

/** Follows paths through a tree as the kernel does for a process whose root directory it is. */
export class PathResolver {
  private steps = 0;
  /** The directory that was last asked for, and what was there: most entries of a layer lie beside the one before. */
  private lastPath?: string;
  private lastDirectory?: DirectoryNode;
  private lastParent: { readonly path: string; readonly names: readonly string[] } = { path: '', names: [] };

  public constructor(
    private readonly root: DirectoryNode,
    private readonly maximumSteps: number,
  ) {}

  /** Counts work that an archive can be made to cause; links can make it grow with the square of their number. */
  public step(count = 1): void {
    this.steps += count;
    if (this.steps > this.maximumSteps) {
      throw new InspectionError('limit', `following the links of the image takes more than ${this.maximumSteps} steps`);
    }
  }

  /** The path of a link's target without any links in it, and what is there; undefined when it leads nowhere that matters. */
  public resolveLink(at: string, target: string): { readonly path: string; readonly node: Node } | undefined {
    const start = target.startsWith('/') ? [] : this.namesOfParent(at);
    const arrival = this.follow(split(target), start, true, 1);
    return arrival?.node && { path: arrival.names.join('/'), node: arrival.node };
  }

  /** What is at a path; the links before its last name are followed. */
  public findBelowLinks(path: string): Node | undefined {
    return this.follow(split(path), [], false)?.node;
  }

  /** What is at a path that leads through directories only. */
  public findWithoutLinks(path: string): Node | undefined {
    if (path === '') return this.root;
    const parent = this.findParentWithoutLinks(path);
    return parent?.directory.children.get(parent.name);
  }

  /** Where a path ends that leads through directories only; undefined when there is no such directory. */
  public findParentWithoutLinks(path: string): Parent | undefined {
    const slash = path.lastIndexOf('/');
    const directory = slash < 0 ? this.root : this.findDirectory(path.slice(0, slash));
    return directory && { directory, name: path.slice(slash + 1), linked: false };
  }

  /**
   * Where a new node goes. Links in the path are followed, and directories that are missing are made.
   *
   * @throws InspectionError when the path leads into a loop of links, or through a file
   */
  public makeParent(path: string): Parent {
    const present = this.findParentWithoutLinks(path);
    if (present) return present;
    const names = split(path);
    const name = names.pop() as string;
    const arrival = this.follow(names, [], true);
    if (!arrival)
      throw new InspectionError('corrupt', 'entry below links that lead nowhere', { path }, 'a loop of links');
    return { directory: this.make(arrival.names), name, linked: arrival.names.join('/') !== names.join('/') };
  }

  /** Must be called when a directory has been taken out of the tree. */
  public forget(): void {
    this.lastPath = undefined;
  }

  private findDirectory(path: string): DirectoryNode | undefined {
    this.step();
    if (path !== this.lastPath) {
      this.lastDirectory = this.walk(path);
      this.lastPath = path;
    }
    return this.lastDirectory;
  }

  /** Most links lie beside the one before. */
  private namesOfParent(path: string): readonly string[] {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (parent !== this.lastParent.path) this.lastParent = { path: parent, names: split(parent) };
    return this.lastParent.names;
  }

  private walk(path: string): DirectoryNode | undefined {
    let directory: Node | undefined = this.root;
    for (const name of path.split('/')) {
      this.step();
      directory = directory.children.get(name);
      if (directory?.kind !== 'directory') return undefined;
    }
    return directory;
  }

  private make(names: readonly string[]): DirectoryNode {
    this.forget();
    let directory = this.root;
    for (const name of names) {
      this.step();
      const present: Node | undefined = directory.children.get(name);
      if (present && present.kind !== 'directory') {
        throw new InspectionError('ambiguous', 'entry below a file', { path: names.join('/') });
      }
      const next = present ?? emptyDirectory();
      directory.children.set(name, next);
      directory = next;
    }
    return directory;
  }

  /**
   * @param last whether a link at the end of the path is followed too
   * @param links how many links have been followed already
   * @returns undefined when too many have to be
   */
  private follow(path: readonly string[], start: readonly string[], last: boolean, links = 0): Arrival | undefined {
    const walked = [...start];
    const nodes: Array<Node | undefined> = this.nodesOf(start);
    const ahead = [...path].reverse();
    let followed = links;
    while (ahead.length > 0) {
      this.step();
      const name = ahead.pop() as string;
      if (name === '..') {
        walked.pop();
        if (nodes.length > 1) nodes.pop();
        continue;
      }
      const parent = nodes[nodes.length - 1];
      const node: Node | undefined = parent?.kind === 'directory' ? parent.children.get(name) : undefined;
      if (node?.kind === 'link' && (last || ahead.length > 0)) {
        if (++followed > MOST_LINKS) return undefined;
        if (node.target.startsWith('/')) {
          walked.length = 0;
          nodes.length = 1;
        }
        const names = split(node.target);
        this.step(names.length);
        for (let i = names.length - 1; i >= 0; i--) ahead.push(names[i]);
        continue;
      }
      walked.push(name);
      nodes.push(node);
    }
    return { node: nodes[nodes.length - 1], names: walked };
  }

  private nodesOf(names: readonly string[]): Array<Node | undefined> {
    const nodes: Array<Node | undefined> = [this.root];
    for (const name of names) {
      this.step();
      const parent = nodes[nodes.length - 1];
      nodes.push(parent?.kind === 'directory' ? parent.children.get(name) : undefined);
    }
    return nodes;
  }
}

function split(path: string): string[] {
  const names = path.split('/');
  return names.includes('') || names.includes('.') ? names.filter((name) => name !== '' && name !== '.') : names;
}
