import type { InlineDocument } from '../instruction';
import type { FileSystem } from './evidence';
import { recogniseBytes, toolsOf } from './file-content';

/** A heredoc as a file: its content stands in the Dockerfile. */
export function inlineFile({ name, content }: InlineDocument): FileSystem {
  const label = `the heredoc ${name}`;
  const recognition = recogniseBytes(Buffer.from(content));
  return {
    label,
    trace: [],
    typeOf: () => 'file',
    contentOf: () => recognition,
    look: (path) =>
      toolsOf(recognition, path).map((tool) => {
        return { verdict: 'violation', reason: `${label} is ${tool.kind} (${tool.category})`, tool, trace: [] };
      }),
  };
}
