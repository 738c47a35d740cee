import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileRoom } from './fixtures/compiled-room';

/** In a process of its own, for what it sets stays set: whether V8 still takes code that was compiled before. */
const PROGRAM = `
const { Script } = require('node:vm');
const { compileForShortRun, expectShortRun } = require('./short-run.js');
// V8 recognises code by the length of its source; had that been compiled in this process before, it would not look at the code.
const source = (digit) => '(function () { return ' + digit + '; })';
const cachedData = new Script(source(0)).createCachedData();
const isTaken = () => !new Script(source(answers.length + 1), { cachedData }).cachedDataRejected;
const answers = [];
compileForShortRun();
answers.push(isTaken());
expectShortRun();
answers.push(isTaken());
compileForShortRun();
answers.push(isTaken());
process.stdout.write(JSON.stringify(answers));
`;

describe('short runs', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'short-run-'));
    compileRoom(directory);
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it('has V8 compile otherwise in processes that end soon, and not before the work begins', () => {
    const cwd = join(directory, 'lib/layers');
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', PROGRAM], { cwd, encoding: 'utf8' });

    expect({ stdout, stderr }).toEqual({ stdout: '[true,true,false]', stderr: '' });
  });
});
