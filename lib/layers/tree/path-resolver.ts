import { InspectionError } from '../inspection-error';
import type { Limits } from '../limits';
import { emptyDirectory, type DirectoryNode, type Node } from './node';

/** How many links the Linux kernel follows before it gives up on a path. */
const MOST_LINKS = 40;

/** How large a tree, and how much work on it, may become. */
export type TreeLimits = Pick<Limits, 'steps' | 'directories'>;

/** Where new nodes go. */
export interface Place {
  readonly directory: DirectoryNode;
  /** Whether a link led there. */
  readonly linked: boolean;
}

/** A directory that paths lead from: its own path, without any links in it, and what is at each name of it, from the root on. */
export interface Start {
  readonly names: readonly string[];
  readonly nodes: ReadonlyArray<Node | undefined>;
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
  private directories = 0;
  /** The directory that was last asked for, and what was there: most entries of a layer lie beside the one before. */
  private lastPath?: string;
  private lastDirectory?: DirectoryNode;

  public constructor(
    private readonly root: DirectoryNode,
    private readonly limits: TreeLimits,
  ) {}

  /** Counts work that an archive can be made to cause; links can make it grow with the square of their number. */
  public step(count = 1): void {
    this.steps += count;
    if (this.steps > this.limits.steps) {
      throw new InspectionError('limit', `following the links of the image takes more than ${this.limits.steps} steps`);
    }
  }

  /** The directory that links lead from. */
  public startAt(directory: string): Start {
    const names = split(directory);
    const nodes: Array<Node | undefined> = [this.root];
    this.step(names.length);
    for (const name of names) nodes.push(childOf(nodes[nodes.length - 1], name));
    return { names, nodes };
  }

  /**
   * The path of a link's target without any links in it, and what is there; undefined when it leads nowhere that matters.
   *
   * @param start the directory that the link is in
   */
  public resolveLink(start: Start, target: string): { readonly path: string; readonly node: Node } | undefined {
    const arrival = this.follow(split(target), target.startsWith('/') ? this.startAt('') : start, true, 1);
    return arrival?.node && { path: arrival.names.join('/'), node: arrival.node };
  }

  /** What is at a path; the links before its last name are followed. */
  public findBelowLinks(path: string): Node | undefined {
    return this.follow(split(path), this.startAt(''), false)?.node;
  }

  /** The directory at a path that leads through directories only; undefined when there is none. */
  public findDirectory(path: string): DirectoryNode | undefined {
    this.step();
    if (path !== this.lastPath) {
      this.lastDirectory = this.walk(path);
      this.lastPath = path;
    }
    return this.lastDirectory;
  }

  /**
   * The directory at a path, where something new goes. Links in the path are followed, and directories that are missing are made.
   *
   * @param name of what is new, for the message
   * @throws InspectionError when the path leads into a loop of links, or through a file
   */
  public makeDirectory(path: string, name: string): Place {
    const present = this.findDirectory(path);
    if (present) return { directory: present, linked: false };
    const names = split(path);
    const arrival = this.follow(names, this.startAt(''), true);
    if (!arrival) {
      const place = { path: `${path}/${name}` };
      throw new InspectionError('corrupt', 'entry below links that lead nowhere', place, 'a loop of links');
    }
    return { directory: this.make(arrival.names), linked: arrival.names.join('/') !== names.join('/') };
  }

  /** Must be called when a directory has been taken out of the tree. */
  public forget(): void {
    this.lastPath = undefined;
  }

  private walk(path: string): DirectoryNode | undefined {
    if (path === '') return this.root;
    const from = this.startOf(path);
    let directory: Node | undefined = from > 0 ? this.lastDirectory : this.root;
    for (const name of path.slice(from).split('/')) {
      this.step();
      directory = directory?.children.get(name);
      if (directory?.kind !== 'directory') return undefined;
    }
    return directory;
  }

  /** How much of a path need not be walked, because the last one led there: most follow the directory that they are in. */
  private startOf(path: string): number {
    const { lastPath } = this;
    return lastPath && path[lastPath.length] === '/' && path.startsWith(lastPath) ? lastPath.length + 1 : 0;
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
      const next = present ?? this.newDirectory();
      directory.children.set(name, next);
      directory = next;
    }
    return directory;
  }

  private newDirectory(): DirectoryNode {
    const { directories } = this.limits;
    if (++this.directories > directories) {
      throw new InspectionError('limit', `links, programs and scripts in more than ${directories} directories`);
    }
    return emptyDirectory();
  }

  /**
   * @param last whether a link at the end of the path is followed too
   * @param links how many links have been followed already
   * @returns undefined when too many have to be
   */
  private follow(path: readonly string[], start: Start, last: boolean, links = 0): Arrival | undefined {
    const walked = [...start.names];
    const nodes = [...start.nodes];
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
      const node = childOf(nodes[nodes.length - 1], name);
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
}

function childOf(node: Node | undefined, name: string): Node | undefined {
  return node?.kind === 'directory' ? node.children.get(name) : undefined;
}

function split(path: string): string[] {
  const names = path.split('/');
  return names.includes('') || names.includes('.') ? names.filter((name) => name !== '' && name !== '.') : names;
}
