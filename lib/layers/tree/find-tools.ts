import type { FoundTool, LayerLocation, UnprovenContent } from '../layer-facts';
import { isShellName, recogniseName } from '../recognise/name-recogniser';
import type { RecognisedTool } from '../recognise/tool-markers';
import { displayPath } from '../tar/tar-entry';
import type { FileTree } from './file-tree';
import type { DirectoryNode, FileNode, LinkNode } from './node';
import type { PathResolver, Start } from './path-resolver';

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

/** What lies in a tree, and where its links lead. */
interface Contents {
  readonly files: Name[];
  readonly linksToFiles: Name[];
  readonly linksToDirectories: Array<LinkAt & { readonly target: string }>;
}

/** A busybox has three hundred names. Of a file with more names than these, only those are told that are names of shells or tools. */
const MOST_NAMES = 16;

/** Links to directories multiply the names of what lies below; beyond this many, they say nothing new. */
const MOST_ALIASES = 256;

/** Every name of every shell and package manager in the tree, and every file that keeps the answer from being a proof. */
export function findTools(tree: FileTree): TreeFindings {
  const { files, linksToFiles, linksToDirectories } = contentsOf(tree);
  const names = [...files, ...linksToFiles];
  const crowded = crowdedOrigins(names);
  const tools = names.flatMap((name) => toolsOf(name, crowded));
  return {
    tools: [...tools, ...aliasesOf(tools, linksToDirectories)].sort(byProminence),
    unproven: files.filter(({ file }) => file.content.unproven !== undefined).map(unprovenOf),
  };
}

/** Not a generator, which takes twice as long before it is compiled, and mostly it never is. */
function contentsOf({ root, resolver }: FileTree): Contents {
  const contents: Contents = { files: [], linksToFiles: [], linksToDirectories: [] };
  const ahead: Array<[prefix: string, DirectoryNode]> = [['', root]];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const [prefix, directory] = next;
    let start: Start | undefined;
    for (const [name, node] of directory.children) {
      const path = prefix + name;
      if (node.kind === 'directory') ahead.push([`${path}/`, node]);
      else if (node.kind === 'file') contents.files.push({ path, at: path, file: node });
      else
        addLink(
          contents,
          { path, link: node },
          resolver.resolveLink((start ??= resolver.startAt(prefix)), node.target),
        );
    }
  }
  return contents;
}

function addLink(contents: Contents, { path, link }: LinkAt, target: ReturnType<PathResolver['resolveLink']>): void {
  if (target?.node.kind === 'directory') contents.linksToDirectories.push({ path, link, target: target.path });
  if (target?.node.kind === 'file') contents.linksToFiles.push({ path, at: target.path, file: target.node, link });
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
  if (byName === undefined && tools.length === 0) return [];
  const byContent = tools.map((tool) => ({ ...tool, by: 'content' as const }));
  // A name adds something only where the content does not say it better: /bin/sh that is bash is bash.
  const named =
    byName && !tools.some(({ category }) => category === byName.category) ? [{ ...byName, by: 'path' as const }] : [];
  if (path === file.origin.path) return [...byContent, ...named];
  if (byName) return [...byContent.filter((tool) => isSame(tool, byName)), ...named];
  if (crowded.has(originKey(file))) return [];
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
function aliasesOf(tools: readonly FoundTool[], links: Contents['linksToDirectories']): FoundTool[] {
  const sorted = [...tools].sort(byPath);
  const aliases: FoundTool[] = [];
  for (const { path, link, target } of links) {
    const below = target === '' ? '/' : `/${displayPath(target)}/`;
    for (let i = firstAt(sorted, below); sorted[i]?.path.startsWith(below); i++) {
      if (aliases.length === MOST_ALIASES) return aliases;
      const alias = `/${displayPath(path)}/${sorted[i].path.slice(below.length)}`;
      aliases.push({ ...sorted[i], path: alias, trace: [location(path, link.layer), ...sorted[i].trace] });
    }
  }
  return aliases;
}

/** The index of the first tool whose path is not before this one: there may be as many tools as links. */
function firstAt(sorted: readonly FoundTool[], path: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle].path < path) low = middle + 1;
    else high = middle;
  }
  return low;
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
  return rank(first) - rank(second) || byPath(first, second);
}

function byPath(first: FoundTool, second: FoundTool): number {
  return first.path < second.path ? -1 : first.path > second.path ? 1 : 0;
}
