/** What is told of a rule. */
export interface RuleDescription {
  /** The id without the namespace: `Shell`. */
  readonly id: string;
  /** What makes it fail, in one sentence. */
  readonly summary: string;
  readonly defaultSeverity: 'error' | 'warning';
  /** Its page, in Markdown. */
  readonly page: string;
}
