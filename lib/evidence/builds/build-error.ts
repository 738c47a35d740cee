/** An image could not be built, so that there is nothing to look into. */
export class BuildError extends Error {
  public override readonly name = 'BuildError';

  public constructor(
    message: string,
    /** The last lines that the tool printed. */
    public readonly output: readonly string[] = [],
  ) {
    super(message);
  }
}
