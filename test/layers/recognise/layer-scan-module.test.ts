import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import wabt from 'wabt';
import { LAYER_SCAN_MODULE, layerScanInstance } from '../../../lib/layers/recognise/layer-scan-module';

const ROOM = join(__dirname, '../../../lib/layers/recognise');

test('the module is what layer-scan.wat says', async () => {
  const toolkit = await wabt();
  const source = toolkit.parseWat('layer-scan.wat', readFileSync(join(ROOM, 'layer-scan.wat'), 'utf8'), {
    simd: true,
  });
  source.validate();
  expect(LAYER_SCAN_MODULE).toBe(Buffer.from(source.toBinary({}).buffer).toString('base64'));
});

test('there is an instance, each with memory of its own', () => {
  expect(layerScanInstance()?.memory.buffer.byteLength).toBe(22 * 64 * 1024);
  expect(layerScanInstance()?.memory).not.toBe(layerScanInstance()?.memory);
});

test('there is none where Node.js runs without WebAssembly', () => {
  const source = readFileSync(join(ROOM, 'layer-scan-module.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const script = `${outputText}\nprocess.stdout.write(String(layerScanInstance()));`;
  expect(execFileSync(process.execPath, ['--jitless', '-e', script], { encoding: 'utf8', stdio: 'pipe' })).toBe(
    'undefined',
  );
});
