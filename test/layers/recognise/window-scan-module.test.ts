import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import wabt from 'wabt';
import { WINDOW_SCAN_MODULE, windowScanInstance } from '../../../lib/layers/recognise/window-scan-module';

const ROOM = join(__dirname, '../../../lib/layers/recognise');

test('the module is what window-scan.wat says', async () => {
  const toolkit = await wabt();
  const source = toolkit.parseWat('window-scan.wat', readFileSync(join(ROOM, 'window-scan.wat'), 'utf8'), {
    simd: true,
  });
  source.validate();
  expect(WINDOW_SCAN_MODULE).toBe(Buffer.from(source.toBinary({}).buffer).toString('base64'));
});

test('there is an instance, each with memory of its own', () => {
  expect(windowScanInstance()?.memory.buffer.byteLength).toBe(22 * 64 * 1024);
  expect(windowScanInstance()?.memory).not.toBe(windowScanInstance()?.memory);
});

test('there is none where Node.js runs without WebAssembly', () => {
  const source = readFileSync(join(ROOM, 'window-scan-module.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const script = `${outputText}\nprocess.stdout.write(String(windowScanInstance()));`;
  expect(execFileSync(process.execPath, ['--jitless', '-e', script], { encoding: 'utf8', stdio: 'pipe' })).toBe(
    'undefined',
  );
});
