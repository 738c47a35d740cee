import type { Trace } from './image-facts';
import type { ImageUse } from './image-use';

export type Severity = 'error' | 'warning' | 'off';

/** One rule's verdict on one image use. */
export interface Finding {
  /** The rule's id without the namespace: `Shell`. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly use: ImageUse;
  /** One line, in the user's terms. */
  readonly message: string;
  readonly trace: Trace;
  readonly fix: string;
}

/** The id under which people acknowledge a finding: `Distroless::Shell[web]`. */
export function acknowledgementId(finding: Pick<Finding, 'rule' | 'use'>): string {
  return `Distroless::${finding.rule}[${finding.use.container}]`;
}
