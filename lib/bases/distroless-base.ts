/** A distroless image to build on. */
export class DistrolessBase {
  /** The empty image. */
  public static readonly SCRATCH = new DistrolessBase('scratch');

  private constructor(
    /** The reference, as it stands in a FROM line. */
    public readonly reference: string,
  ) {}
}
