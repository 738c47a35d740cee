/** An image that others are built on, as far as it is known. */
export interface KnownBase {
  readonly reference: string;
  readonly digest?: string;
  /** Of all its layers, lowest first. */
  readonly diffIds: readonly string[];
}

/**
 * The known image that the first layers are; of several, the one with the most layers.
 *
 * Equal diff ids prove that the bytes of the base are in the image, whatever registry it came from and however it was packed. They do
 * not prove that nothing was added: that is for the layers above to show. No runtime unpacks a layer that has not the diff id that the
 * configuration says, so the configuration is enough.
 */
export function findBase(diffIds: readonly string[], bases: readonly KnownBase[]): KnownBase | undefined {
  const ancestors = bases.filter((base) => base.diffIds.length > 0 && isPrefix(base.diffIds, diffIds));
  return ancestors.reduce<KnownBase | undefined>(
    (best, base) => (best && best.diffIds.length >= base.diffIds.length ? best : base),
    undefined,
  );
}

function isPrefix(start: readonly string[], whole: readonly string[]): boolean {
  return start.length <= whole.length && start.every((diffId, i) => diffId === whole[i]);
}
