import { readFileSync } from 'node:fs';

/** As much of WebAssembly as is used here; the type definitions of Node.js leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What the WebAssembly build of libzstd exports; sizes and pointers are 32 bits wide. */
export interface ZstdExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(size: number): number;
  free(pointer: number): void;
  ZSTD_createDCtx(): number;
  ZSTD_freeDCtx(context: number): number;
  ZSTD_decompressStream(context: number, output: number, input: number): number;
}

let compiled: object | undefined;

/**
 * A new instance of the WebAssembly build of libzstd that the package zstddec carries.
 *
 * zstddec's own interface is asynchronous and does not look at error codes: a damaged stream keeps it busy for ever. Only its
 * WebAssembly is taken, out of the text of the package, where it is in base 64.
 */
export function zstdInstance(): ZstdExports {
  compiled ??= new WebAssembly.Module(Buffer.from(embeddedModule(), 'base64'));
  const imports = { env: { emscripten_notify_memory_growth: () => undefined } };
  return new WebAssembly.Instance(compiled, imports).exports as ZstdExports;
}

function embeddedModule(): string {
  const text = readFileSync(require.resolve('zstddec/stream'), 'latin1');
  const module = /"(AGFzbQ[A-Za-z0-9+/=]+)"/.exec(text);
  if (!module)
    throw new Error('the package zstddec does not hold a WebAssembly module: install the version that is asked for');
  return module[1];
}
