/** Dockerfiles that are large, or made so that a reader which compares every part with every other takes minutes. */

/** What a file holds, and the file. */
export type Sample = readonly [string, string];

export function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

/** One line of nearly 60 kB that is made of `word`s. */
function line(head: string, word: (index: number) => string, tail = ''): string {
  let text = head;
  for (let index = 0; text.length + tail.length < 59_900; index++) text += word(index);
  return text + tail;
}

export const STAGES = (count: number, body: (index: number) => string): string =>
  `FROM golang AS s0\n${lines(count, (i) => `FROM scratch AS s${i + 1}\n${body(i)}`)}\n`;

const BUILDER = 'FROM debian AS b\nWORKDIR /w\n';
const CONTINUED = (head: string, word: (index: number) => string, tail: string): string =>
  `${head}${lines(30_000, (i) => `${word(i)} \\`)}\n ${tail}\n`;

/** Single lines of up to 60 kB, and 3,000 lines. */
export const LONG_LINES: readonly Sample[] = [
  ['3,000 variables', `FROM scratch\n${lines(3000, (i) => `ENV K${i}=$K${i - 1}x`)}`],
  ['a line of 60 kB', `FROM scratch\nENV A="${'x'.repeat(60_000)}"`],
  ['a RUN of 60 kB', `FROM scratch\nRUN ${'echo a; '.repeat(7500)}`],
  ['60 kB of references', `FROM scratch\nENV A=${'$B'.repeat(30_000)}`],
  ['60 kB of blanks', `FROM scratch\nENV A=a${' '.repeat(60_000)}b=c`],
  ['60 kB of quotes', `FROM scratch\nENV A=${'""'.repeat(30_000)}`],
  ['a COPY of 5,000 files', `FROM scratch\n${line('COPY', (i) => ` src/file${i}`, ' /d/')}`],
  ['a COPY of 30,000 words', `FROM scratch\n${line('COPY', () => ' a', ' /d/')}`],
  ['a COPY in JSON form', `FROM scratch\n${line('COPY [', (i) => `"src/file${i}",`, '"/d/"]')}`],
  [
    'a COPY of 5,000 files of a stage',
    `FROM golang AS b\nRUN x\nFROM scratch\n${line('COPY --from=b', (i) => ` /out/f${i}`, ' /d/')}`,
  ],
  ['a COPY of 5,000 variables', `FROM debian\n${line('COPY', (i) => ` $variable${i}`, ' /d/')}`],
  ['a COPY that leaves 4,000 patterns out', `FROM scratch\n${line('COPY', (i) => ` --exclude=a${i}`, ' a /d/')}`],
  ['a COPY of a path of 20,000 names', `FROM scratch\nCOPY ${'../'.repeat(20_000)}a /d`],
  ['an ADD of 5,000 files', `FROM scratch\n${line('ADD', (i) => ` src/file${i}`, ' /d/')}`],
  ['an ENV of 10,000 pairs', `FROM scratch\n${line('ENV', () => ' a=b')}`],
  ['a LABEL of 5,000 pairs', `FROM scratch\n${line('LABEL', (i) => ` key${i}=v`)}`],
  ['an EXPOSE of all ports', `FROM scratch\nEXPOSE 1-65535`],
  ['a RUN of 15,000 strings', `FROM scratch\n${line('RUN ["a"', () => ',"a"', ']')}`],
  ['a RUN with 1,500 mounts', `FROM scratch\n${line('RUN', (i) => ` --mount=type=cache,target=/cache${i}`, ' x')}`],
  ['30,000 starts of heredocs', `FROM scratch\nRUN ${'<<'.repeat(29_000)}`],
  ['8,500 substitutions', `FROM scratch\nENV V=aaab\n${line('ENV A=', () => '${V//a/b}')}`],
  ['30,000 escapes', `FROM scratch\nENV A=${'\\a'.repeat(29_000)}`],
  ['a comment of 60 kB', `# ${'x'.repeat(60_000)}\nFROM scratch`],
  ['a directive of 60 kB', `# syntax=docker/dockerfile${' '.repeat(60_000)}\nFROM scratch`],
];

/** Files of 1 MB. */
export const MEGABYTES: readonly Sample[] = [
  ['variables', `FROM scratch\n${lines(50_000, (i) => `ENV K${i}=value${i}`)}`],
  ['commands', `FROM scratch\n${lines(1200, () => `RUN ${'echo hello world '.repeat(50)}`)}`],
  ['continued lines', `FROM scratch\n${'RUN a \\\n'.repeat(100_000)}b`],
  ['comments', `${'# c\n'.repeat(250_000)}FROM scratch`],
  ['a heredoc', `FROM scratch\nCOPY <<EOF /x\n${'hello world\n'.repeat(80_000)}EOF`],
  ['stages on top of each other', `FROM scratch AS s0\n${lines(35_000, (i) => `FROM s${i} AS s${i + 1}`)}`],
  ['stages that copy', `${STAGES(20_000, (i) => `COPY --from=s${i} /a /a`)}`],
];

/** Files that take the square of their size in time where every part of them is compared with every other. */
export const MANY_PARTS: readonly Sample[] = [
  ['sources on lines of their own', `FROM scratch\n${CONTINUED('COPY ', (i) => ` a${i}`, '/d/')}`],
  [
    'copies from a stage of what was copied there',
    `${BUILDER}${CONTINUED('COPY ', (i) => ` a${i}`, '/d/')}FROM scratch\n${CONTINUED('COPY --from=b ', (i) => ` /d/a${i}`, '/d/')}`,
  ],
  [
    'copies from a stage of what commands copied there',
    `${BUILDER}${lines(10_000, (i) => `RUN cp /bin/sh /x${i}`)}\nFROM scratch\n${lines(10_000, (i) => `COPY --from=b /x${i} /y/`)}`,
  ],
  [
    'copies of patterns from a stage',
    `${BUILDER}${lines(10_000, (i) => `COPY a${i} /d/`)}\nFROM scratch\n${lines(10_000, (i) => `COPY --from=b /d/*${i} /d/`)}`,
  ],
  ['variables that only the base image knows', `FROM debian\n${CONTINUED('COPY ', (i) => ` $a${i}`, '/d/')}`],
];

/** Files that would grow while they are read, and what the refusal says. */
export const REFUSED: ReadonlyArray<readonly [what: string, text: string, refusal: RegExp]> = [
  ['a FROM of 60 kB', `FROM ${'a/'.repeat(29_000)}a`, /invalid reference format/],
  ['the same ports', `FROM scratch\nEXPOSE ${'1-65535 '.repeat(5000)}`, /ports are exposed/],
  [
    'ports handed down',
    `FROM scratch AS s0\nEXPOSE 1-65535\n${lines(5000, (i) => `FROM s${i} AS s${i + 1}`)}`,
    /inherited/,
  ],
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
];
