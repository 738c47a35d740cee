/**
 * A Lambda runtime interface client for `node -e`, of plain JavaScript.
 *
 * AWS's own `aws-lambda-ric` compiles native code when it is installed, with cmake and autotools, which no Node image has. This one
 * speaks the documented runtime API and needs nothing: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 *
 * CommonJS and ES modules; async functions, plain values, and callbacks. Not: response streaming, for which there is `aws-lambda-ric`.
 */
export const NODE_RUNTIME_CLIENT = `
const { existsSync } = require('fs'), { request } = require('http'), { resolve } = require('path'), { pathToFileURL } = require('url');
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const call = (method, path, body, headers) => new Promise((done, fail) => {
  const data = body === undefined ? undefined : Buffer.from(body);
  request({ host, port, method, path: '/2018-06-01/runtime/' + path, headers: { ...headers, ...(data && { 'content-length': data.length }) } },
    (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', fail);
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }));
    }).on('error', fail).end(data);
});
const report = (path, problem) => {
  const error = problem instanceof Error ? problem : new Error(String(problem));
  console.error(error);
  return call('POST', path, JSON.stringify({ errorType: error.name, errorMessage: error.message, stackTrace: (error.stack || '').split('\\n').slice(1) }),
    { 'lambda-runtime-function-error-type': 'Unhandled' });
};
const load = async (name) => {
  const dot = name.lastIndexOf('.'), base = resolve(process.env.LAMBDA_TASK_ROOT || '.', name.slice(0, dot));
  const file = ['.js', '.mjs', '.cjs'].map((extension) => base + extension).find(existsSync);
  if (dot < 0 || !file) throw new Error("handler '" + name + "': there is no " + base + '.js, .mjs or .cjs');
  const module = await import(pathToFileURL(file)), handler = module[name.slice(dot + 1)] || module.default?.[name.slice(dot + 1)];
  if (typeof handler !== 'function') throw new Error("handler '" + name + "': " + file + ' exports no such function');
  return handler;
};
const contextOf = (headers) => ({
  awsRequestId: headers['lambda-runtime-aws-request-id'],
  invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
  identity: JSON.parse(headers['lambda-runtime-cognito-identity'] || 'null') || undefined,
  clientContext: JSON.parse(headers['lambda-runtime-client-context'] || 'null') || undefined,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => Number(headers['lambda-runtime-deadline-ms']) - Date.now(),
});
const invoke = (handler, event, context) => handler.length < 3 ? handler(event, context) :
  new Promise((done, fail) => handler(event, context, (error, result) => error ? fail(error) : done(result)));
(async () => {
  let handler;
  try { handler = await load(process.argv[1] || process.env._HANDLER || ''); }
  catch (error) { await report('init/error', error); process.exit(1); }
  for (;;) {
    const { status, headers, body } = await call('GET', 'invocation/next');
    if (status !== 200) throw new Error('the runtime API answered ' + status);
    const id = headers['lambda-runtime-aws-request-id'];
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'] || '';
    try {
      const result = await invoke(handler, JSON.parse(body), contextOf(headers));
      await call('POST', 'invocation/' + id + '/response', JSON.stringify(result === undefined ? null : result));
    } catch (error) { await report('invocation/' + id + '/error', error); }
  }
})().catch((error) => { console.error(error); process.exit(1); });
`.trim();
