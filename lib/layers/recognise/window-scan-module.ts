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
  'AGFzbQEAAAABCgFgBX9/f39/AX8DAgEABQMBABYHEQIGbWVtb3J5AgAEc2NhbgAACt0CAdoCAgd7BH9BAP0ABAAhBUEQ/QAEACEGQSD9AAQAIQdBMP0ABAAh',
  'CEEP/Q8hCSADIQ0DQCAKIAUgAP0ABAAiCyAJ/U79DiAGIAtBBP2NASAJ/U79Dv1OIAcgAP0ABAEgCf1O/Q4gCCAA/QAEAiAJ/U79Dv1O/U79I/1kIQwgDCAK',
  'IAUgAP0ABBAiCyAJ/U79DiAGIAtBBP2NASAJ/U79Dv1OIAcgAP0ABBEgCf1O/Q4gCCAA/QAEEiAJ/U79Dv1O/U79I/1kQRB0ciEMIAxBf3MhDiANIAA2AgAg',
  'DSAONgIEIA0gDkEAR0EDdGohDSAAQSBqIQAgACABSQ0ACwJAA0AgAyANRg0BIAMoAgQhDgNAIAMoAgAgDmhqIQ8gBCAPNgIAIAQgAiAPKAIAQbHz3fF5bEEU',
  'dmotAABBAnRqIQQgDiAOQQFrcSEOIA4NAAsgA0EIaiEDDAALCyAECw==',
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
