/** As much of WebAssembly as is used here; the type definitions of Node.js leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What `window-scan.wat` exports. */
export interface WindowScanExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  scan(at: number, end: number, hashes: number, strides: number, found: number): number;
}

/** `window-scan.wat`, assembled; a test compares them. */
export const WINDOW_SCAN_MODULE = [
  'AGFzbQEAAAABCgFgBX9/f39/AX8DAgEABQMBAAQHEQIGbWVtb3J5AgAEc2NhbgAACo4CAYsCAgh7A39BAP0ABAAhBUEQ/QAEACEGQSD9AAQAIQdB',
  'MP0ABAAhCEEP/Q8hCSADIQ0DQCAA/QAEACELIAUgCyAJ/U79DiAGIAtBBP2NASAJ/U79Dv1OIAcgAP0ABAEgCf1O/Q4gCCAA/QAEAiAJ/U79Dv1O',
  '/U4hDCANIAA2AgAgDSAMIAr9JP1kNgIEIA0gDP1TQQN0aiENIABBEGohACAAIAFJDQALAkADQCADIA1GDQEgAygCBCEOA0AgAygCACAOaGohDyAE',
  'IA82AgAgBCACIA8oAgBB////B3FBsfPd8XlsQRR2ai0AAEECdGohBCAOIA5BAWtxIQ4gDg0ACyADQQhqIQMMAAsLIAQL',
].join('');

/** A new instance, with memory of its own; undefined where there is no WebAssembly with vectors, as under `--jitless`. */
export function windowScanInstance(): WindowScanExports | undefined {
  try {
    const module = new WebAssembly.Module(Buffer.from(WINDOW_SCAN_MODULE, 'base64'));
    return new WebAssembly.Instance(module).exports as WindowScanExports;
  } catch {
    return undefined;
  }
}
