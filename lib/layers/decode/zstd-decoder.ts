import * as zlib from 'node:zlib';
import type { Decoder, Emit, Room } from './decoder';
import { ZlibHandleDecoder, isUsable, type HandleFormat } from './zlib-handle';
import { ZstdWasmDecoder } from './zstd-wasm-decoder';

/** What node:zlib has from 22.15 on; the type definitions are those of Node.js 20. */
interface ZlibWithZstd {
  readonly createZstdDecompress?: (options: { readonly params: Record<number, number> }) => unknown;
  readonly constants: {
    readonly ZSTD_d_windowLogMax?: number;
    readonly ZSTD_e_continue?: number;
    readonly ZSTD_e_end?: number;
  };
}

/** 64 MiB, as much as the other decoder takes. */
const WINDOW_LOG_MAX = 26;

/** "self-test", packed by `zstd --check`. */
const SAMPLE = Buffer.from('KLUv/SQJSQAAc2VsZi10ZXN0M7xtng==', 'base64');

let nativeUsable: boolean | undefined;

/** Unpacks zstd, also when it has several frames or frames to be skipped; natively where this Node.js can. */
export function zstdDecoder(emit: Emit, room?: Room): Decoder {
  const native = nativeFormat();
  return native && hasNativeZstd() ? new ZlibHandleDecoder(native, emit, room) : new ZstdWasmDecoder(emit);
}

/** Whether this Node.js unpacks zstd natively. */
export function hasNativeZstd(): boolean {
  const native = nativeFormat();
  return (nativeUsable ??=
    native !== undefined && isUsable((emit) => new ZlibHandleDecoder(native, emit), SAMPLE, 'self-test'));
}

function nativeFormat(): HandleFormat | undefined {
  const { createZstdDecompress, constants } = zlib as unknown as ZlibWithZstd;
  if (!createZstdDecompress || constants.ZSTD_d_windowLogMax === undefined) return undefined;
  const params = { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX };
  return {
    name: 'zstd',
    create: () => createZstdDecompress({ params }),
    process: constants.ZSTD_e_continue ?? 0,
    finish: constants.ZSTD_e_end ?? 2,
  };
}
