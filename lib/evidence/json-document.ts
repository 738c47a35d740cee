import type { ErrorObject, ValidateFunction } from 'ajv';
import { JsonSyntaxError, memberPointer, parseLocatedJson, type LocatedJson } from './json-parser';

/** Why a JSON file cannot be used, and where in it. */
export class JsonDocumentError extends Error {
  public override readonly name = 'JsonDocumentError';

  public constructor(
    public readonly file: string,
    public readonly line: number,
    public readonly reason: string,
  ) {
    super(`${file}:${line}: ${reason}`);
  }
}

/** A JSON file that people edit: its value, and the line on which each part stands. */
export class JsonDocument {
  /**
   * Parses a file.
   *
   * @throws JsonDocumentError when the text is not JSON
   */
  public static parse(text: string, file: string): JsonDocument {
    try {
      return new JsonDocument(file, parseLocatedJson(text));
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      throw new JsonDocumentError(file, error.line, error.message);
    }
  }

  private constructor(
    public readonly file: string,
    private readonly json: LocatedJson,
  ) {}

  /** The line of a part, by its JSON pointer; of the nearest part around it when it is not there. */
  public lineOf(pointer: string): number {
    const line = this.json.lines.get(pointer);
    if (line !== undefined || pointer === '') return line ?? 1;
    return this.lineOf(pointer.slice(0, pointer.lastIndexOf('/')));
  }

  /** An error at a part of the document. */
  public errorAt(pointer: string, reason: string): JsonDocumentError {
    return new JsonDocumentError(this.file, this.lineOf(pointer), reason);
  }

  /**
   * The value, once it satisfies a schema.
   *
   * @throws JsonDocumentError for the first thing that does not
   */
  public validated<T>(validate: ValidateFunction<T>): T {
    const { value } = this.json;
    if (validate(value)) return value;
    const [error] = validate.errors ?? [];
    throw this.errorAt(offendingPointer(error), describe(error));
  }
}

/** For a member that should not be there the schema names the object around it; people look for the member. */
function offendingPointer({ instancePath, keyword, params }: ErrorObject): string {
  return keyword === 'additionalProperties'
    ? memberPointer(instancePath, String(params.additionalProperty))
    : instancePath;
}

function describe({ instancePath, keyword, params, message }: ErrorObject): string {
  const where = instancePath === '' ? 'the document' : instancePath;
  if (keyword === 'additionalProperties') return `${where} has no member ${JSON.stringify(params.additionalProperty)}`;
  if (keyword === 'enum') return `${where} must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  if (keyword === 'const') return `${where} must be ${JSON.stringify(params.allowedValue)}`;
  return `${where} ${message}`;
}
