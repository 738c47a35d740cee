import { CONTENT_TYPE_BYTES, contentTypeOf, isMachineCode, type ContentType } from './content-type';
import { ELF_HEAD_BYTES } from './elf-segments';
import { MachineCode, NEEDLE_INDEX } from './machine-code';
import { TOOL_MARKERS, type RecognisedTool, type ToolMarker } from './tool-markers';

/**
 * Version of what is recognised, and how. Facts that were learnt from content under another version have to be learnt again:
 * raise it with every change of the markers, of the names, of the reading of archives, or of how scans are written down.
 */
export const RECOGNISER_VERSION = 9;

/** What a file turned out to be. */
export interface Recognition {
  readonly type: ContentType;
  /** The shells and package managers that the file is, by its content. */
  readonly tools: readonly RecognisedTool[];
  /** The program that a script names in its first line. */
  readonly interpreter?: string;
  /** Why the content does not show what the file does, e.g. that it is a packed executable. */
  readonly unproven?: string;
}

const NOTHING = Buffer.alloc(0);

/**
 * Tells what a file is from its bytes, which may come in chunks of any size.
 *
 * Chunks are only borrowed: the caller may overwrite them as soon as {@link push} returns.
 */
export class ContentRecogniser {
  private type?: ContentType;
  private interpreter?: string;
  /** The first bytes, while they are too few. */
  private head: Buffer = NOTHING;
  private machineCode?: MachineCode;

  /**
   * Takes the next bytes of the file.
   *
   * @returns whether later bytes could still change the answer; once they cannot, the rest of the file need not be given
   */
  public push(chunk: Uint8Array): boolean {
    if (this.type === undefined) this.begin(chunk);
    else this.machineCode?.push(chunk);
    return this.type === undefined || this.machineCode !== undefined;
  }

  /** What the file is, now that all of it, or as much as {@link push} wanted, has been given. */
  public finish(): Recognition {
    const type = this.type ?? this.tell(this.head);
    if (type === 'script') return { type, tools: [], interpreter: this.interpreter };
    if (!this.machineCode) return { type, tools: [] };
    return { type, tools: this.toolsFound(), unproven: this.machineCode.unproven };
  }

  private begin(chunk: Uint8Array): void {
    const bytes = this.head.length === 0 ? chunk : Buffer.concat([this.head, chunk]);
    if (isEnough(bytes)) this.tell(bytes);
    else this.head = Buffer.from(bytes);
  }

  private tell(bytes: Uint8Array): ContentType {
    const start = bytes.subarray(0, CONTENT_TYPE_BYTES);
    this.type = contentTypeOf(start);
    if (this.type === 'script') this.interpreter = interpreterOf(asBuffer(start));
    if (isMachineCode(this.type))
      this.machineCode = new MachineCode(this.type, asBuffer(bytes.subarray(0, ELF_HEAD_BYTES)));
    this.machineCode?.push(bytes);
    return this.type;
  }

  private toolsFound(): RecognisedTool[] {
    if (this.machineCode?.found.includes(1) !== true) return [];
    const matching = TOOL_MARKERS.filter((marker) => this.matches(marker));
    const precise = matching.some((marker) => marker.category === 'shell' && !marker.generic);
    const kept = matching.filter((marker) => !(marker.generic && precise));
    const byKind = new Map(kept.map(({ category, kind }) => [`${category} ${kind}`, { category, kind }]));
    return [...byKind.values()];
  }

  private matches({ all, any }: ToolMarker): boolean {
    return all.every((needle) => this.saw(needle)) && (any?.some((needle) => this.saw(needle)) ?? true);
  }

  private saw(needle: string): boolean {
    return this.machineCode?.found[NEEDLE_INDEX.get(needle) ?? -1] === 1;
  }
}

/** Whether the first bytes of a file tell how to read on: its type, and where things lie in a program. */
function isEnough(head: Uint8Array): boolean {
  if (head.length >= ELF_HEAD_BYTES) return true;
  return head.length >= CONTENT_TYPE_BYTES && !isMachineCode(contentTypeOf(head.subarray(0, CONTENT_TYPE_BYTES)));
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** The program in a `#!` line, as the kernel reads it; undefined when there is none. */
function interpreterOf(head: Buffer): string | undefined {
  const [line] = head.toString('utf8', 2).split('\n', 1);
  return line.trim().split(/[ \t]/, 1)[0] || undefined;
}
