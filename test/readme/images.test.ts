import { join } from 'node:path';
import { Measurements } from '../../bench/build/measurements';
import { buildTable, ratioTable } from '../../bench/build/report';
import { marked, README, ROOT } from './markdown';

/** The cells of a table, without the rule below its head. */
function rowsOf(text: string): string[][] {
  const lines = text.trim().split('\n');
  const cells = (line: string) => line.split('|').slice(1, -1);
  return lines.filter((_line, index) => index !== 1).map((line) => cells(line).map((cell) => cell.trim()));
}

const NOTHING_MEASURED = new Measurements(join(ROOT, 'there-is-no-such-file'));
const [head, ...images] = rowsOf(marked('images'));
const [ratioHead, ...ratios] = rowsOf(marked('image-ratios'));

/** Each service has three rows: naive on the language's image, naive on distroless, and the construct's. */
function figure(service: string, row: 1 | 2, column: string): number {
  return Number(images.filter(([name]) => name === service)[row][head.indexOf(column)]);
}

test('the tables of images are of the form that the bench prints', () => {
  const [printedHead, ...printed] = rowsOf(buildTable(NOTHING_MEASURED));
  expect(head).toEqual(printedHead);
  expect(images.map((row) => row.slice(0, 2))).toEqual(printed.map((row) => row.slice(0, 2)));
  const [printedRatioHead, ...printedRatios] = rowsOf(ratioTable(NOTHING_MEASURED));
  expect(ratioHead).toEqual(printedRatioHead);
  expect(ratios.map(([service]) => service)).toEqual(printedRatios.map(([service]) => service));
});

test('the contents of all images are told', () => {
  expect(images.flatMap((row) => row.slice(2, 7)).filter((cell) => cell === '')).toEqual([]);
});

test('the images of the constructs have neither shell nor package manager', () => {
  const tools = images.filter(([, image]) => image === 'cdk-distroless').flatMap((row) => row.slice(4, 6));
  expect(new Set(tools)).toEqual(new Set(['none']));
});

describe.each(ratios)('the ratios of %s', (service, ...cells) => {
  // What stands there has one decimal, and the ratio is that of the exact figures.
  test.each([
    ['MB', 0],
    ['cold s', 1],
    ['after a line s', 2],
    ['after a dependency s', 3],
  ] as const)('are those of its %s', (column, index) => {
    if (cells[index] === '') return expect(figure(service, 2, column)).toBe(0); // not measured
    const [naive, ours] = [figure(service, 1, column), figure(service, 2, column)];
    expect(Number(cells[index])).toBeGreaterThanOrEqual((ours - 0.05) / (naive + 0.05) - 0.005);
    expect(Number(cells[index])).toBeLessThanOrEqual((ours + 0.05) / (naive - 0.05) + 0.005);
  });

  test('hold the goals, or the README says that they do not', () => {
    const [size, , line] = cells.map(Number);
    expect(size <= 1 || README.includes(`Larger is the image of ${service}`)).toBe(true);
    expect(line <= 0.2 || README.includes(`Slower is the rebuild of ${service}`)).toBe(true);
  });
});
