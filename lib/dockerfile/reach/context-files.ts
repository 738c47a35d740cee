import type { BroughtTool, BuildContext, ContextEntry, SourceLocation } from '../analysis';
import type { Evidence, FileSystem } from './evidence';
import type { FileContent } from './file-content';
import { readContent, toolsOf } from './file-content';
import { toolByName } from './known-paths';
import { fixedPart, isPattern, matchesName, namesOf } from './path-pattern';

/** Like Linux, which gives up on a path after 40 links. */
const MAX_LINKS = 40;
/** A context with more files is not looked at to the end, and says so. */
const MAX_FILES = 300_000;
/** A directory with more tools is not looked at to the end. */
const MAX_EVIDENCE = 1000;

/** What a path of a context leads to in the end. */
interface Found {
  /** Relative to the context. */
  readonly path: string;
  readonly entry: ContextEntry;
}

const DIRECTORY: ContextEntry = { type: 'directory', mode: 0o755, sizeBytes: 0 };
const nothing = (): boolean => false;
const ROOT: Found = { path: '', entry: DIRECTORY };

/** The files of a build context. They are really looked at. */
export class ContextFiles implements FileSystem {
  private readonly contents = new Map<string, FileContent>();
  private readonly answers = new Map<string, readonly Evidence[]>();
  private filesLeft = MAX_FILES;

  public constructor(
    private readonly context: BuildContext,
    public readonly label: string,
    public readonly trace: readonly SourceLocation[],
  ) {}

  public typeOf(path: string): 'file' | 'directory' | undefined {
    const type = this.find(path)?.entry.type;
    return type === 'file' || type === 'directory' ? type : undefined;
  }

  public look(path: string): readonly Evidence[] {
    const known = this.answers.get(path);
    if (known !== undefined) return known;
    const answer = this.lookWithout(path, nothing);
    this.answers.set(path, answer);
    return answer;
  }

  public lookWithout(path: string, isLeftOut: (path: string) => boolean): readonly Evidence[] {
    return this.matches(path).flatMap((match) => this.lookAt(match, isLeftOut));
  }

  public contentOf(path: string): FileContent | undefined {
    const found = this.find(path);
    return found?.entry.type === 'file' ? this.content(found.path) : undefined;
  }

  /** Reads the file at a path; undefined when there is no file. */
  public fileAt(path: string): { readonly context: BuildContext; readonly path: string } | undefined {
    const found = this.find(path);
    return found?.entry.type === 'file' ? { context: this.context, path: found.path } : undefined;
  }

  /** The paths that a path with wildcards stands for. */
  public matches(path: string): string[] {
    if (!isPattern(path)) return [path];
    const fixed = fixedPart(path);
    let candidates = [fixed === '/' ? '' : fixed];
    for (const pattern of namesOf(path.slice(fixed.length))) {
      candidates = candidates.flatMap((directory) => {
        const names = this.context.list(this.find(directory || '/')?.path ?? directory.slice(1)) ?? [];
        return names.filter((name) => matchesName(pattern, name)).map((name) => `${directory}/${name}`);
      });
    }
    return candidates;
  }

  /** Tools that are there; their paths are below the path that was asked for, not below what it links to. */
  private lookAt(path: string, isLeftOut: (path: string) => boolean): Evidence[] {
    const found = this.find(path);
    if (found === undefined) return [];
    if (found.entry.type === 'file') return isLeftOut(path) ? [] : this.judge(found.path, path);
    return found.entry.type === 'directory' ? this.walk(found.path, path, isLeftOut) : [];
  }

  private walk(directory: string, shown: string, isLeftOut: (path: string) => boolean): Evidence[] {
    const evidence: Evidence[] = [];
    const pending = [{ real: directory, shown }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const name of this.context.list(next.real) ?? []) {
        const real = next.real === '' ? name : `${next.real}/${name}`;
        const child = { real, shown: next.shown === '/' ? `/${name}` : `${next.shown}/${name}` };
        const entry = this.context.stat(real);
        if (entry === undefined) evidence.push(this.unproven(`${real} of ${this.label} could not be read`));
        else if (entry.type === 'directory') pending.push(child);
        else if (entry.type === 'file' && !isLeftOut(child.shown)) evidence.push(...this.judge(real, child.shown));
      }
      if (this.filesLeft <= 0 || evidence.length > MAX_EVIDENCE) {
        return [...evidence, this.unproven(`${this.label} has more files than are looked at`)];
      }
    }
    return evidence;
  }

  private judge(path: string, shown: string): Evidence[] {
    const content = this.content(path);
    if ('unreadable' in content) {
      return [this.unproven(`${path} of ${this.label} could not be read: ${content.unreadable}`)];
    }
    const tools = toolsOf(content, `/${path}`).map((tool) => this.found({ ...tool, path: shown }, path));
    if (tools.length > 0 || content.unproven === undefined) return tools;
    return [this.unproven(`${path} of ${this.label}: ${content.unproven}`)];
  }

  private content(path: string): FileContent {
    const known = this.contents.get(path);
    if (known !== undefined) return known;
    this.filesLeft--;
    const content = readContent(this.context, path);
    this.contents.set(path, content);
    return content;
  }

  /** Follows the links of a path; they cannot lead out of the context. */
  private find(path: string): Found | undefined {
    const pending = namesOf(path).reverse();
    let current = ROOT;
    for (let links = 0; pending.length > 0;) {
      const name = pending.pop() ?? '';
      const next = name === '..' || name === '.' ? neighbour(current, name) : this.child(current, name);
      const target = next?.entry.type === 'symlink' ? next.entry.target : undefined;
      if (next === undefined || (target !== undefined && ++links > MAX_LINKS)) return undefined;
      if (target === undefined) current = next;
      else {
        pending.push(...namesOf(target).reverse());
        if (target.startsWith('/')) current = ROOT;
      }
    }
    return current;
  }

  private child(directory: Found, name: string): Found | undefined {
    if (directory.entry.type !== 'directory') return undefined;
    const path = directory.path === '' ? name : `${directory.path}/${name}`;
    const entry = this.context.stat(path);
    return entry && { path, entry };
  }

  private found(tool: BroughtTool, path: string): Evidence {
    const how = tool.by === 'content' ? 'by its content' : 'by its name';
    const reason = `${path} of ${this.label} is ${tool.kind} (${tool.category}) ${how}`;
    return { verdict: 'violation', reason, tool, trace: this.trace };
  }

  private unproven(reason: string): Evidence {
    return { verdict: 'unproven', reason, trace: this.trace };
  }
}

function neighbour(found: Found, name: '.' | '..'): Found {
  if (name === '.') return found;
  const slash = found.path.lastIndexOf('/');
  return { path: slash < 0 ? '' : found.path.slice(0, slash), entry: DIRECTORY };
}

/** The files of a context that is not at hand: only their names tell anything. */
export class UnreadContextFiles implements FileSystem {
  public readonly trace: readonly SourceLocation[] = [];

  public constructor(public readonly label: string) {}

  public typeOf(): undefined {
    return undefined;
  }

  public contentOf(): undefined {
    return undefined;
  }

  public look(path: string): readonly Evidence[] {
    const tool = toolByName(path, 'path');
    if (tool === undefined) return [];
    return [{ verdict: 'violation', reason: `${path} of ${this.label} is named like a tool`, tool, trace: [] }];
  }
}
