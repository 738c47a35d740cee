import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeApi } from '../services/runtime-api';
import { Assembly } from './harness/assembly';
import { buildAsset } from './harness/asset-build';
import { docker, tryDocker } from './harness/docker';
import { describeWithDocker } from './harness/facts';

/** As Lambda runs functions: as a user of its own, on a read-only root filesystem, with /tmp. */
const LAMBDA_USER = '993';
const LAMBDA = ['--read-only', '--tmpfs', '/tmp', '--user', `${LAMBDA_USER}:990`, '--cap-drop', 'ALL'];

interface FunctionProperties {
  readonly Code: { readonly ImageUri: unknown };
  readonly ImageConfig?: { readonly EntryPoint?: string[]; readonly Command?: string[] };
}

interface FunctionTemplate {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties: FunctionProperties }>;
}

describeWithDocker('the functions, invoked through the runtime API', () => {
  const assembly = Assembly.synthesize('test/e2e/services/app.ts');
  const template = JSON.parse(
    readFileSync(join(assembly.directory, 'ServicesUnderTest.template.json'), 'utf8'),
  ) as FunctionTemplate;

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  function functionOf(name: string): FunctionProperties {
    const found = Object.entries(template.Resources).find(
      ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith(name),
    );
    if (!found) throw new Error(`the app has no function ${name}`);
    return found[1].Properties;
  }

  function imageOf({ Code }: FunctionProperties): string {
    const asset = assembly.assets.find(({ id }) => JSON.stringify(Code.ImageUri).includes(id.slice(-64)));
    if (!asset) throw new Error('the function runs no asset of the app');
    return buildAsset(assembly.directory, asset.id, asset.source).tag;
  }

  /** Starts the container in the network of the machine, where the test's runtime API listens. */
  function start({ ImageConfig }: FunctionProperties, image: string, api: string): string {
    const { EntryPoint: [program, ...words] = [], Command = [] } = ImageConfig ?? {};
    const entrypoint = program === undefined ? [] : ['--entrypoint', program];
    const env = ['--env', `AWS_LAMBDA_RUNTIME_API=${api}`, '--env', 'AWS_LAMBDA_FUNCTION_NAME=under-test'];
    return docker(
      'run',
      '--detach',
      '--network',
      'host',
      ...LAMBDA,
      ...env,
      ...entrypoint,
      image,
      ...words,
      ...Command,
    );
  }

  test.each(['goFunction', 'nodejsFunction', 'pythonFunction'])(
    '%s answers one event after the other',
    async (name) => {
      const properties = functionOf(name);
      const image = imageOf(properties);
      const api = await runtimeApi([{ name: 'first' }, { name: 'second' }]);
      const container = start(properties, image, api.address);
      try {
        const timer = setTimeout(api.giveUp, 60_000);
        await api.finished;
        clearTimeout(timer);
        const log = tryDocker(['logs', container]).printed;
        expect({ log, reports: api.reports }).toMatchObject({
          reports: ['first', 'second'].map((hello, index) => ({
            kind: 'response',
            body: { hello, uid: Number(LAMBDA_USER), id: `request-${index}` },
          })),
        });
      } finally {
        docker('rm', '--force', container);
        api.stop();
        tryDocker(['image', 'rm', '--force', image]);
      }
    },
  );
});
