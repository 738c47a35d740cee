import type { Finding } from '../policy/finding';
import { acknowledgementId } from '../policy/finding';

/** Type of the metadata entries that `Validations.of(...).acknowledge(...)` leaves, see `ACKNOWLEDGED_RULES_METADATA_KEY`. */
export const ACKNOWLEDGED_RULES = 'aws:cdk:acknowledged-rules';

/** Somebody's word that a finding is known. */
export interface Acknowledgement {
  readonly reason: string;
  /** Path of the construct that it was recorded at; the app's is empty. */
  readonly path: string;
  /** Whether it has the spelling that CDK itself looks for: `Distroless::Shell[web]`. */
  readonly namespaced: boolean;
}

/** All acknowledgements of an app, by the paths of the constructs that they were recorded at. */
export class Acknowledgements {
  private readonly byPath = new Map<string, Record<string, string>>();

  /**
   * @param collect records what there is as soon as there is a finding to look up; most apps have none
   * @default - what there is, is recorded by the caller
   */
  public constructor(private collect?: (into: Acknowledgements) => void) {}

  /** Takes note of one metadata entry: reasons by id, as CDK normalises ids. */
  public record(path: string, reasons: Readonly<Record<string, string>>): void {
    this.byPath.set(path, { ...this.byPath.get(path), ...reasons });
  }

  /**
   * The acknowledgement of a finding: at its container's construct, at its resource, or at anything above.
   *
   * Both spellings count, `Distroless::Shell[web]` and `Shell[web]`, which CDK takes for an annotation's id. There is no
   * acknowledging of a rule for all containers at once: each has a reason of its own.
   */
  public of(finding: Pick<Finding, 'rule' | 'use'>): Acknowledgement | undefined {
    this.collectOnce();
    if (this.byPath.size === 0) return undefined;
    const resource = finding.use.constructPath ?? finding.use.stack;
    const parent = resource.slice(0, Math.max(0, resource.lastIndexOf('/')));
    for (const path of [`${parent}/${finding.use.container}`, ...ancestry(resource)]) {
      const found = this.recordedAt(path, acknowledgementId(finding));
      if (found) return found;
    }
    return undefined;
  }

  private collectOnce(): void {
    const { collect } = this;
    this.collect = undefined;
    collect?.(this);
  }

  private recordedAt(path: string, id: string): Acknowledgement | undefined {
    const reasons = this.byPath.get(path);
    if (!reasons) return undefined;
    const ruleName = id.slice(id.indexOf('::') + 2);
    // Versions of aws-cdk-lib before 2.262.1 write the namespace of annotations in lower case.
    const spellings = [id, `Annotation::${ruleName}`, `annotation::${ruleName}`].map((text) =>
      text.replaceAll(' ', '-'),
    );
    const spelling = spellings.find((candidate) => Object.hasOwn(reasons, candidate));
    return spelling === undefined
      ? undefined
      : { reason: reasons[spelling], path, namespaced: spelling === spellings[0] };
  }
}

/** A path and all above it, the app's empty one last. */
function ancestry(path: string): string[] {
  if (path === '') return [''];
  return [path, ...ancestry(path.slice(0, Math.max(0, path.lastIndexOf('/'))))];
}
