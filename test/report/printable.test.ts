import { printable } from '../../lib/report/printable';
import { traceLines } from '../../lib/report/trace-lines';

describe('printable', () => {
  test.each([
    ['plain ünïcode 日本', 'plain ünïcode 日本'],
    ['\x1b[2J\x07', '\\x1b[2J\\x07'],
    ['a\nb\r', 'a\\x0ab\\x0d'],
    ['\x9b31m', '\\x9b31m'],
    ['evil\u202egnp.exe', 'evil\\u202egnp.exe'],
  ])('makes of %j %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('is what every trace goes through', () => {
    const trace = [
      { file: 'a\x1b[1mb', line: 1, text: 'COPY \x1b[2J' },
      { layer: 0, path: 'x\x1b]0;title' },
    ];
    expect(traceLines(trace, '').join('\n')).not.toContain('\x1b');
  });
});
