/** `NonDistrolessBase` has its page in `non-distroless-base.md`. */
export function pageName(id: string): string {
  return id.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
