import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceFile } from '../../../examples/platform/package/service-file/service-file';
import { platformOf, serviceFile, SOURCES } from './service-files';

/** The lines of the error that reading a file ends in, without the name of the file. */
function problems(text: string): string[] {
  try {
    new ServiceFile(serviceFile(text));
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace(/^\S*services\.yaml:/, ''));
  }
  return [];
}

const WEB = 'services:\n  api:\n    template: web\n    path: /api\n';
const IMAGE = '    image: { language: go, directory: SOURCES/go-api }\n';

test('a file that is in order is read, with its aliases', () => {
  const shared = `services:
  one:
    template: job
    schedule: cron(0 3 * * ? *)
    image: &image { language: go, directory: SOURCES/go-api }
  two:
    template: worker
    image: *image
`;
  const { declarations } = new ServiceFile(serviceFile(shared));
  expect(declarations.services.two).toEqual({
    template: 'worker',
    image: { language: 'go', directory: join(SOURCES, 'go-api') },
  });
});

describe('a file tells of what is wrong in it by line, column and path', () => {
  test.each([
    ['no YAML', 'services: [', '1:12 Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a key twice', `${WEB}    path: /b\n${IMAGE}`, '5:5 Map keys must be unique'],
    ['no services', 'architecture: arm64\n', '1:1 services is missing'],
    [
      'an unknown template',
      WEB.replace('web', 'webb') + IMAGE,
      "3:5 services.api.template: 'webb' is none of web, worker, job",
    ],
    [
      'a name that cannot be one',
      `${WEB.replace('api:', 'Api:')}${IMAGE}`,
      "2:3 services.Api: 'Api' is not lower case letters, digits and dashes",
    ],
    [
      'a member that nobody knows',
      `${WEB}    colour: red\n${IMAGE}`,
      '5:5 services.api.colour: is not known; known are template, path, health, minTasks, maxTasks, debug, size, environment, secrets, image',
    ],
    ['a member that is missing', WEB, '2:3 services.api: image is missing'],
    [
      'a value of another type',
      `${WEB}    environment: { PORT: 1 }\n${IMAGE}`,
      '5:20 services.api.environment.PORT: 1 is not of type string',
    ],
    [
      'a value that is none of a choice',
      `${WEB}    size: huge\n${IMAGE}`,
      "5:5 services.api.size: 'huge' is none of small, medium, large",
    ],
    [
      'a value that does not fit',
      `${WEB.replace('/api', 'api')}${IMAGE}`,
      "4:5 services.api.path: 'api' is not a path below which its requests are, such as /quotes",
    ],
    ['too little', `${WEB}    minTasks: 0\n${IMAGE}`, '5:5 services.api.minTasks: must be >= 1'],
    [
      'an unknown language',
      `${WEB}    image: { language: cobol, directory: . }\n`,
      "5:14 services.api.image.language: 'cobol' is none of nodejs, go, python, java, dockerfile",
    ],
    [
      'a directory that is not there',
      `${WEB}    image: { language: go, directory: nowhere }\n`,
      '5:28 services.api.image.directory: there is no nowhere beside the file',
    ],
    [
      'a path that is taken',
      `${WEB}${IMAGE}${WEB.replace('services:\n', '').replace('api:', 'b:')}${IMAGE}`,
      '8:5 services.b.path: /api is the path of api already',
    ],
    [
      'a looser policy',
      `policy:\n  severities: { Shell: off }\n${WEB}${IMAGE}`,
      "2:17 policy.severities.Shell: 'off' is looser than the platform's 'error'; leave it away",
    ],
  ])('%s', (_what, text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });

  test('all at once, in their order', () => {
    const text = `${WEB.replace('/api', 'api')}    size: huge\n    image: { language: go }\n`;
    expect(problems(text)).toEqual([
      expect.stringMatching(/^4:5 services\.api\.path:/),
      expect.stringMatching(/^5:5 services\.api\.size:/),
      '6:5 services.api.image: directory is missing',
    ]);
  });

  test('also where an image cannot be made', () => {
    const text = `${WEB}    image: { language: nodejs, directory: SOURCES/go-api }\n`;
    expect(() => platformOf(text)).toThrow(/services\.yaml:2:3 services\.api: .*there is no package\.json in it/s);
  });

  test('and shows no stack of the code that read it', () => {
    try {
      new ServiceFile(serviceFile(WEB));
    } catch (error) {
      expect((error as Error).stack).toMatch(
        /^\S*services\.yaml:2:3 services\.api: image is missing\n {4}at \S*services\.yaml:2:3$/,
      );
    }
    expect.assertions(1);
  });
});

test('editors find the schema by the first line of the file', () => {
  const platform = join(SOURCES, '..');
  const [, schema] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(
    readFileSync(join(platform, 'services.yaml'), 'utf8'),
  ) ?? [''];
  expect(JSON.parse(readFileSync(join(platform, schema), 'utf8'))).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
  });
});
