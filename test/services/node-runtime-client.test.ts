import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NODE_RUNTIME_CLIENT } from '../../lib/services/node-runtime-client';
import { runtimeApi } from './runtime-api';

const directory = mkdtempSync(join(tmpdir(), 'function-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a handler for the events, as Lambda would run the container. */
async function run(file: string, source: string, handler: string, events: unknown[]) {
  writeFileSync(join(directory, file), source);
  const api = await runtimeApi(events);
  const env = { PATH: process.env.PATH, AWS_LAMBDA_RUNTIME_API: api.address, AWS_LAMBDA_FUNCTION_NAME: 'example' };
  const child = spawn(process.execPath, ['-e', NODE_RUNTIME_CLIENT, handler], { cwd: directory, env, stdio: 'ignore' });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  try {
    await api.finished;
    return { reports: api.reports, exited };
  } finally {
    if (!api.reports.some((report) => report.kind === 'init/error')) child.kill();
    await exited;
    api.stop();
  }
}

describe('the runtime interface client for Node', () => {
  test('answers events one after the other, with what an async handler returns', async () => {
    const source = 'let count = 0; exports.handler = async (event) => ({ hello: event.name, count: ++count });';
    const { reports } = await run('async.js', source, 'async.handler', [{ name: 'a' }, { name: 'b' }]);
    expect(reports).toEqual([
      { kind: 'response', requestId: 'request-0', body: { hello: 'a', count: 1 } },
      { kind: 'response', requestId: 'request-1', body: { hello: 'b', count: 2 } },
    ]);
  });

  test('runs ES modules, whether by file name or in a default export', async () => {
    const source = 'export const handler = (event) => event * 2; export default { other: () => "default" };';
    expect((await run('module.mjs', source, 'module.handler', [21])).reports[0].body).toBe(42);
    expect((await run('module.mjs', source, 'module.other', [null])).reports[0].body).toBe('default');
  });

  test('takes callbacks, and answers null for nothing', async () => {
    const source =
      'exports.handler = (event, context, done) => setTimeout(() => done(null, event), 5); exports.nothing = () => {};';
    expect((await run('callback.cjs', source, 'callback.handler', ['later'])).reports[0].body).toBe('later');
    expect((await run('callback.cjs', source, 'callback.nothing', [1])).reports[0].body).toBeNull();
  });

  test('gives the handler its context and the trace', async () => {
    const source = `exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis(),
      trace: process.env._X_AMZN_TRACE_ID });`;
    const { reports } = await run('context.js', source, 'context.handler', [{}]);
    expect(reports[0].body).toMatchObject({
      awsRequestId: 'request-0',
      functionName: 'example',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:example',
      trace: 'Root=request-0',
    });
    expect((reports[0].body as { left: number }).left).toBeGreaterThan(1000);
  });

  test('reports what a handler throws, and goes on with the next event', async () => {
    const source =
      'exports.handler = async (event) => { if (event) throw new TypeError("no " + event); return "ok"; };';
    const { reports } = await run('throws.js', source, 'throws.handler', ['cake', '']);
    expect(reports[0]).toMatchObject({
      kind: 'error',
      requestId: 'request-0',
      errorType: 'Unhandled',
      body: { errorType: 'TypeError', errorMessage: 'no cake' },
    });
    expect(reports[1]).toMatchObject({ kind: 'response', body: 'ok' });
  });

  test.each([
    ['absent.handler', 'there is no .*absent\\.js, \\.mjs or \\.cjs'],
    ['async.absent', 'async.js exports no such function'],
    ['handler', 'there is no'],
  ])('reports the handler %s at the start, and exits', async (handler, message) => {
    const { reports, exited } = await run('async.js', 'exports.handler = () => 1;', handler, [{}]);
    expect(reports[0].kind).toBe('init/error');
    expect((reports[0].body as { errorMessage: string }).errorMessage).toMatch(new RegExp(message));
    expect(await exited).toBe(1);
  });
});
