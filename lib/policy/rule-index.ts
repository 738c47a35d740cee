import { pageName } from './page-name';
import { RULES } from './rules';

/**
 * The index of the rules as a Markdown table: id, cause, severity.
 *
 * @param pages where the pages lie, as seen from the document that the table stands in
 */
export function ruleIndex(pages: string): string {
  const rows = RULES.map(
    ({ id, failsWhen, defaultSeverity }) =>
      `| [\`${id}\`](${pages}/${pageName(id)}.md) | ${failsWhen} | ${defaultSeverity} |`,
  );
  return ['| `Distroless::…` | fails when | default |', '| --- | --- | --- |', ...rows].join('\n');
}
