/** A cloud assembly, or a file of it, that cannot be read. */
export class AssemblyError extends Error {
  public readonly code = 'UNREADABLE_ASSEMBLY';

  public constructor(
    /** The file or directory that is at fault. */
    public readonly file: string,
    /** What is wrong with it. */
    public readonly reason: string,
  ) {
    super(`cannot read ${file}: ${reason}`);
    this.name = 'AssemblyError';
  }
}
