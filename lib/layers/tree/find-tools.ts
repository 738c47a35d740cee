import type { FoundTool, LayerLocation, UnprovenContent } from '../layer-facts';
import { isShellName, recogniseName } from '../recognise/name-recogniser';
import type { RecognisedTool } from '../recognise/tool-markers';
import { displayPath } from '../tar/tar-entry';
import type { FileTree } from './file-tree';
import type { DirectoryNode, FileNode, LinkNode } from './node';

/** What the files of an image are found to be. */
export interface TreeFindings {
  readonly tools: readonly FoundTool[];
  readonly unproven: readonly UnprovenContent[];
}

/** A path under which a program or script can be run. */
interface Name {
  readonly path: string;
  readonly file: FileNode;
  /** Where the file lies: the path itself, or where the link at the path leads. */
  readonly at: string;
  readonly link?: LinkNode;
}

interface LinkAt {
  readonly path: string;
  readonly link: LinkNode;
}

interface Links {
  readonly toFiles: readonly Name[];
  readonly toDirectories: ReadonlyArray<LinkAt & { readonly target: string }>;
}

/** A busybox has three hundred names. Of a file with more names than these, only those are told that are names of shells or tools. */
const MOST_NAMES = 16;

/** Links to directories multiply the names of what lies below; beyond this many, they say nothing new. */
const MOST_ALIASES = 256;

/** Every name of every shell and package manager in the tree, and every file that keeps the answer from being a proof. */
export function findTools(tree: FileTree): TreeFindings {
  const files: Name[] = [];
  const found: LinkAt[] = [];
  walk(tree.root, (path, node) => {
    if (node.kind === 'file') files.push({ path, at: path, file: node });
    else found.push({ path, link: node });
  });
  const links = follow(found, tree);
  const names = [...files, ...links.toFiles];
  const crowded = crowdedOrigins(names);
  const tools = names.flatMap((name) => toolsOf(name, crowded));
  return {
    tools: [...tools, ...aliasesOf(tools, links)].sort(byProminence),
    unproven: files.filter(({ file }) => file.content.unproven !== undefined).map(unprovenOf),
  };
}

function follow(found: readonly LinkAt[], tree: FileTree): Links {
  const toFiles: Name[] = [];
  const toDirectories: Array<Links['toDirectories'][number]> = [];
  for (const { path, link } of found) {
    const target = tree.resolver.resolveLink(path, link.target);
    if (target?.node.kind === 'directory') toDirectories.push({ path, link, target: target.path });
    if (target?.node.kind === 'file') toFiles.push({ path, at: target.path, file: target.node, link });
  }
  return { toFiles, toDirectories };
}

/** Not a generator, which takes twice as long before it is compiled, and mostly it never is. */
function walk(root: DirectoryNode, visit: (path: string, node: FileNode | LinkNode) => void): void {
  const ahead: Array<[prefix: string, DirectoryNode]> = [['', root]];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const [prefix, directory] = next;
    for (const [name, node] of directory.children) {
      if (node.kind === 'directory') ahead.push([`${prefix}${name}/`, node]);
      else visit(prefix + name, node);
    }
  }
}

function toolsOf(name: Name, crowded: ReadonlySet<string>): FoundTool[] {
  const tools = recognise(name, crowded);
  if (tools.length === 0) return [];
  const path = `/${displayPath(name.path)}`;
  const trace = traceOf(name);
  return tools.map((tool) => ({ ...tool, path, trace }));
}

function recognise({ path, file }: Name, crowded: ReadonlySet<string>): Array<RecognisedTool & Pick<FoundTool, 'by'>> {
  const { type, tools } = file.content;
  const byName = recogniseName(path, type);
  const byContent = tools.map((tool) => ({ ...tool, by: 'content' as const }));
  // A name adds something only where the content does not say it better: /bin/sh that is bash is bash.
  const named =
    byName && !tools.some(({ category }) => category === byName.category) ? [{ ...byName, by: 'path' as const }] : [];
  if (path === file.origin.path) return [...byContent, ...named];
  if (byName) return [...byContent.filter((tool) => isSame(tool, byName)), ...named];
  if (tools.length === 0 || crowded.has(originKey(file))) return [];
  return byContent.filter(({ category }) => category === tools[0].category);
}

/** Whether a file that is several tools is this one under this name: busybox is a shell as `sh`, and a package manager as `rpm`. */
function isSame(tool: RecognisedTool, named: RecognisedTool): boolean {
  return tool.category === named.category && (tool.category === 'shell' || tool.kind === named.kind);
}

/** The files with too many names to tell them all; of most files there is nothing to tell. */
function crowdedOrigins(names: readonly Name[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { file } of names) {
    if (file.content.tools.length === 0) continue;
    const key = originKey(file);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > MOST_NAMES).map(([key]) => key));
}

function originKey({ origin }: FileNode): string {
  return `${origin.layer} ${origin.path}`;
}

/** The same tools by the names that links to directories give them: with `/bin -> usr/bin`, `/usr/bin/sh` is `/bin/sh` too. */
function aliasesOf(tools: readonly FoundTool[], { toDirectories }: Links): FoundTool[] {
  const aliases: FoundTool[] = [];
  for (const { path, link, target } of toDirectories) {
    const below = target === '' ? '/' : `/${displayPath(target)}/`;
    for (const tool of tools) {
      if (aliases.length === MOST_ALIASES) return aliases;
      if (!tool.path.startsWith(below)) continue;
      const alias = `/${displayPath(path)}/${tool.path.slice(below.length)}`;
      aliases.push({ ...tool, path: alias, trace: [location(path, link.layer), ...tool.trace] });
    }
  }
  return aliases;
}

function traceOf({ path, at, file: { layer, origin }, link }: Name): LayerLocation[] {
  const content = location(origin.path, origin.layer);
  const name = at === origin.path && layer === origin.layer ? [] : [location(at, layer)];
  return [...(link ? [location(path, link.layer)] : []), ...name, content];
}

function location(path: string, layer: number): LayerLocation {
  return { layer, path: displayPath(path) };
}

function unprovenOf(name: Name): UnprovenContent {
  return { reason: name.file.content.unproven ?? '', path: `/${displayPath(name.path)}`, trace: traceOf(name) };
}

/** The names that people know come first: of three hundred links to busybox, `/bin/sh`. */
function byProminence(first: FoundTool, second: FoundTool): number {
  const rank = ({ path }: FoundTool) => (isShellName(path) ? 0 : 1);
  return rank(first) - rank(second) || (first.path < second.path ? -1 : first.path > second.path ? 1 : 0);
}
