import { analyseDockerfile } from '../../lib/dockerfile/analyse';

/** Processor time, which says the same on a busy machine; the best of a few runs, the first of which compiles. */
function milliseconds(text: string): number {
  const times = [1, 2, 3, 4].map(() => {
    const start = process.cpuUsage();
    analyseDockerfile({ text, file: 'Dockerfile' });
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

const STAGES = (count: number, body: (index: number) => string): string =>
  `FROM golang AS s0\n${lines(count, (i) => `FROM scratch AS s${i + 1}\n${body(i)}`)}\n`;

describe('a Dockerfile that is large', () => {
  test.each([
    ['3,000 variables', `FROM scratch\n${lines(3000, (i) => `ENV K${i}=$K${i - 1}x`)}`],
    ['a line of 60 kB', `FROM scratch\nENV A="${'x'.repeat(60_000)}"`],
    ['a RUN of 60 kB', `FROM scratch\nRUN ${'echo a; '.repeat(7500)}`],
    ['60 kB of references', `FROM scratch\nENV A=${'$B'.repeat(30_000)}`],
    ['60 kB of blanks', `FROM scratch\nENV A=a${' '.repeat(60_000)}b=c`],
    ['60 kB of quotes', `FROM scratch\nENV A=${'""'.repeat(30_000)}`],
    ['a directive of 60 kB', `# syntax=docker/dockerfile${' '.repeat(60_000)}\nFROM scratch`],
  ])('is read in under 50 ms: %s', (_what, text) => {
    expect(milliseconds(text)).toBeLessThan(50);
  });

  test.each([
    ['variables', `FROM scratch\n${lines(50_000, (i) => `ENV K${i}=value${i}`)}`],
    ['commands', `FROM scratch\n${lines(1200, () => `RUN ${'echo hello world '.repeat(50)}`)}`],
    ['continued lines', `FROM scratch\n${'RUN a \\\n'.repeat(100_000)}b`],
    ['comments', `${'# c\n'.repeat(250_000)}FROM scratch`],
    ['a heredoc', `FROM scratch\nCOPY <<EOF /x\n${'hello world\n'.repeat(80_000)}EOF`],
    ['stages on top of each other', `FROM scratch AS s0\n${lines(35_000, (i) => `FROM s${i} AS s${i + 1}`)}`],
    ['stages that copy', `${STAGES(20_000, (i) => `COPY --from=s${i} /a /a`)}`],
  ])('of 1 MB is read in under a second: %s', (_what, text) => {
    expect(milliseconds(text)).toBeLessThan(1000);
  });
});

describe('a Dockerfile that grows while it is read', () => {
  test.each([
    ['nested substitutions', `FROM scratch\nENV A=${'${a:-'.repeat(10_000)}${'}'.repeat(10_000)}`, /nested deeper/],
    ['a variable that doubles', `FROM scratch\nENV A=xxxxxxxx\n${'ENV A=$A$A\n'.repeat(60)}`, /longer than 1 MiB/],
    ['a hostile pattern', `FROM scratch\nENV V=${'a'.repeat(60_000)}\nENV W=\${V//*b/c}`, /too long to match/],
    [
      'variables handed down',
      `FROM scratch AS s0\n${lines(5000, (i) => `FROM s${i} AS s${i + 1}\nENV K${i}=1`)}`,
      /inherited/,
    ],
    [
      'triggers under many stages',
      `FROM scratch AS a\n${'ONBUILD RUN x\n'.repeat(1000)}${lines(100, (i) => `FROM a AS b${i}`)}\nFROM scratch\n${lines(100, (i) => `COPY --from=b${i} x x`)}`,
      /ONBUILD triggers/,
    ],
    ['a line over 64 KiB', `FROM scratch\nENV A=${'a'.repeat(65_536)}`, /line greater than/],
  ])('is refused: %s', (_what, text, message) => {
    expect(analyseDockerfile({ text, file: 'Dockerfile' }).refusal?.message).toMatch(message);
  });

  test('is unproven when stages copy from each other in too many ways', () => {
    const text = `${STAGES(300, (i) => `COPY --from=s${i} /a /b\nCOPY --from=s${i} /b /a`)}FROM scratch\nCOPY --from=s300 /a /`;
    const { introductions } = analyseDockerfile({ text, file: 'Dockerfile' });
    expect(introductions[0]).toMatchObject({ verdict: 'unproven', reason: expect.stringContaining('too many ways') });
  });

  test('accepts a line of exactly 65,535 bytes', () => {
    const text = `FROM scratch\nENV A=${'a'.repeat(65_535 - 'ENV A='.length)}\n`;
    expect(analyseDockerfile({ text, file: 'Dockerfile' }).refusal).toBeUndefined();
  });
});
