import { analyseDockerfile } from '../../lib/dockerfile/analyse';
import type { DockerfileAnalysis } from '../../lib/dockerfile/analysis';
import { withoutHang } from '../hang';
import { LONG_LINES, MANY_PARTS, MEGABYTES, REFUSED, STAGES } from './large-files';

function analyse(text: string): DockerfileAnalysis {
  return analyseDockerfile({ text, file: 'Dockerfile' });
}

// How fast they are read is measured: bench/dockerfile.ts.
describe('a Dockerfile that is large', () => {
  test.each([...LONG_LINES, ...MEGABYTES, ...MANY_PARTS])('is read to its end: %s', (_what, text) => {
    const { stages, refusal } = withoutHang(() => analyse(text));
    expect(refusal).toBeUndefined();
    expect(stages).toHaveLength(text.match(/^FROM /gm)!.length);
  });
});

describe('a Dockerfile that grows while it is read', () => {
  test.each(REFUSED)('is refused: %s', (_what, text, refusal) => {
    expect(withoutHang(() => analyse(text)).refusal?.message).toMatch(refusal);
  });

  test('is unproven when stages copy from each other in too many ways', () => {
    const text = `${STAGES(300, (i) => `COPY --from=s${i} /a /b\nCOPY --from=s${i} /b /a`)}FROM scratch\nCOPY --from=s300 /a /`;
    const { introductions } = analyse(text);
    expect(introductions[0]).toMatchObject({ verdict: 'unproven', reason: expect.stringContaining('too many ways') });
  });

  test('accepts a line of exactly 65,535 bytes', () => {
    const text = `FROM scratch\nENV A=${'a'.repeat(65_535 - 'ENV A='.length)}\n`;
    expect(analyse(text).refusal).toBeUndefined();
  });
});
