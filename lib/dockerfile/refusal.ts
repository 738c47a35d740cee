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
    if (error instanceof RefusedDockerfile && error.place === undefined) {
      throw new RefusedDockerfile(error.message, place());
    }
    throw error;
  }
}
