import type { BuildContext, BroughtTool } from '../analysis';
import { InspectionError } from '../../layers/inspection-error';
import { ContentRecogniser } from '../../layers/recognise/content-recogniser';
import type { Recognition } from '../../layers/recognise/content-recogniser';
import { recogniseName } from '../../layers/recognise/name-recogniser';

/** What a file was found to be, or why it could not be read. */
export type FileContent = Recognition | { readonly unreadable: string };

/** Looks into a file of a build context. */
export function readContent(context: BuildContext, path: string): FileContent {
  const recogniser = new ContentRecogniser();
  try {
    context.read(path, (chunk) => recogniser.push(chunk));
  } catch (error) {
    return { unreadable: messageOf(error) };
  }
  return recogniser.finish();
}

export function recogniseBytes(bytes: Uint8Array): Recognition {
  const recogniser = new ContentRecogniser();
  recogniser.push(bytes);
  return recogniser.finish();
}

/** The tools that a file is by its content, or, if that says nothing, by its name. */
export function toolsOf(recognition: Recognition, path: string): BroughtTool[] {
  const byContent = recognition.tools.map((tool) => ({ ...tool, path, by: 'content' as const }));
  const byName = recogniseName(path, recognition.type);
  const known = byContent.some((tool) => tool.category === byName?.category);
  return byName === undefined || known ? byContent : [...byContent, { ...byName, path, by: 'path' }];
}

export function messageOf(error: unknown): string {
  if (InspectionError.isInspectionError(error)) return error.problem;
  return error instanceof Error ? error.message : String(error);
}
