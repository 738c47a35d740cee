import { printable } from './printable';

/** Why nothing could be found out of something, with the last words of the tool that should have. */
export function failureText(
  name: string,
  { error, output = [] }: { error: string; output?: readonly string[] },
): string {
  const lines = [`${name} could not be inspected: ${error}`, ...output.map((line) => `    ${line}`)];
  return lines.map(printable).join('\n');
}
