import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EntryStore } from '../../lib/evidence/entry-store';

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'store-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const NAME = 'sha256-abcdef';

/** The only file in the store. */
function entryPath(): string {
  const [folder] = readdirSync(directory);
  const [file] = readdirSync(join(directory, folder));
  return join(directory, folder, file);
}

describe('EntryStore', () => {
  test('gives back what it was given', () => {
    const store = new EntryStore<object>(directory);
    expect(store.get(NAME)).toBeUndefined();
    store.set(NAME, { a: [1, 'ä'] });
    expect(new EntryStore(directory).get(NAME)).toEqual({ a: [1, 'ä'] });
  });

  test.each<[string, (text: string) => string]>([
    ['cut off', (text) => text.slice(0, -1)],
    ['empty', () => ''],
    ['changed by a bit', (text) => text.replace('one', 'two')],
    ['without its hash', (text) => text.split('\n')[1]],
    ['rubbish', () => '\0\0\0'],
  ])('takes an entry that is %s for none, and writes it anew', (_, damage) => {
    const store = new EntryStore<string>(directory);
    store.set(NAME, 'one');
    writeFileSync(entryPath(), damage(readFileSync(entryPath(), 'utf8')));
    expect(store.get(NAME)).toBeUndefined();
    store.set(NAME, 'one');
    expect(store.get(NAME)).toBe('one');
  });

  test('does without where it cannot write', () => {
    writeFileSync(join(directory, 'file'), '');
    const store = new EntryStore<string>(join(directory, 'file', 'below'));
    store.set(NAME, 'one');
    expect(store.get(NAME)).toBeUndefined();
  });

  test('leaves no drafts behind', () => {
    const store = new EntryStore<string>(directory);
    store.set(NAME, 'one');
    store.set(NAME, 'two');
    expect(readdirSync(join(directory, readdirSync(directory)[0]))).toHaveLength(1);
    expect(store.get(NAME)).toBe('two');
  });

  test.each(['../../etc/passwd', 'a/b', '', 'x'])('refuses the name %j', (name) => {
    expect(() => new EntryStore(directory).set(name, 1)).toThrow('cannot name a cache entry');
  });
});
