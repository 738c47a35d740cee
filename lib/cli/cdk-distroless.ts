#!/usr/bin/env node
import { exitOnSignal } from '../evidence/exit-on-signal';
import { expectShortRun } from '../layers/short-run';
import { runProgram } from './program';

// Who reads only the first lines of the answer (`| head`) closes the pipe; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

exitOnSignal();
expectShortRun();
void runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  directory: process.cwd(),
  today: new Date().toISOString().slice(0, 10),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
