import { crc32 } from 'node:zlib';
import { InspectionError } from '../inspection-error';

/** How many bytes stand behind the packed ones of a gzip member: a checksum, and the length modulo 2^32 (RFC 1952, 2.3.1). */
export const GZIP_TRAILER_BYTES = 8;

/** Compares what gzip members unpack to with what their trailers say of it. */
export class GzipCheck {
  private checksum = 0;
  private length = 0;

  /** Takes the next unpacked bytes of the member. */
  public update(chunk: Uint8Array): void {
    this.checksum = crc32(chunk, this.checksum);
    this.length = (this.length + chunk.length) % 2 ** 32;
  }

  /**
   * Takes the trailer, and goes on to the next member.
   *
   * @throws InspectionError when it is the trailer of something else
   */
  public finishMember(trailer: Uint8Array): void {
    const { buffer, byteOffset } = trailer;
    const expected = new DataView(buffer, byteOffset, GZIP_TRAILER_BYTES);
    if (expected.getUint32(0, true) !== this.checksum)
      throw new InspectionError('corrupt', 'gzip: incorrect data check');
    if (expected.getUint32(4, true) !== this.length)
      throw new InspectionError('corrupt', 'gzip: incorrect length check');
    this.checksum = 0;
    this.length = 0;
  }
}
