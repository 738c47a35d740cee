/** A place in the text of a Dockerfile; {@link SourceLocation} without the file. */
export interface Place {
  readonly line: number;
  readonly column?: number;
  readonly text: string;
}

/** Thrown inside this room when BuildKit would refuse a Dockerfile; `analyseDockerfile` turns it into a `Refusal`. */
export class RefusedDockerfile extends Error {
  public constructor(
    message: string,
    public readonly place?: Place,
  ) {
    super(message);
  }
}

/** Runs `step`; a refusal that does not say where it happened is given the place. */
export function refusingAt<T>(place: () => Place, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw placed(error, place);
  }
}

/** An error as it is, or a refusal that says where it happened. */
export function placed(error: unknown, place: () => Place): unknown {
  const lost = error instanceof RefusedDockerfile && error.place === undefined;
  return lost ? new RefusedDockerfile(error.message, place()) : error;
}
