/** Unpacks a stream that is pushed into it. */
export interface Decoder {
  /** Takes the next packed bytes; what they unpack to has been handed on when this returns. */
  push(chunk: Uint8Array): void;
  /**
   * Says that the stream is over.
   *
   * @throws InspectionError when it is not complete
   */
  finish(): void;
}

/** Takes unpacked bytes. Chunks are only borrowed. */
export type Emit = (chunk: Uint8Array) => void;

/** Gives memory into which the next bytes are best unpacked. It is asked for anew after each chunk that has been emitted. */
export type Room = () => Uint8Array;
