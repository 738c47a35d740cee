import { AssemblyError } from '../../lib/assembly/assembly-error';
import { readAssembly } from '../../lib/assembly/cloud-assembly';
import { imageUses } from '../../lib/assembly/image-uses';
import { temporaryDirectory, writeAssembly } from './cdk-apps';

const HASH = 'a'.repeat(64);

const stack = (templateFile: string) => ({ type: 'aws:cloudformation:stack', properties: { templateFile } });
const manifest = (artifacts: Record<string, unknown>, version = '36.0.0') => ({ version, artifacts });
const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `https://s3/${HASH}.json` } };
const task = { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Name: 'web', Image: 'a' }] } };

/** The reasons for which something could not be seen. */
function reasons(files: Record<string, unknown>): string[] {
  return imageUses(readAssembly(writeAssembly(files))).map(({ origin }) =>
    origin.kind === 'opaque' ? origin.reason : origin.kind,
  );
}

describe('a directory that is no assembly is refused, by name', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['without a manifest', {}, /no manifest\.json/],
    ['with a manifest that is no JSON', { 'manifest.json': '{' }, /manifest\.json: .*JSON/],
    ['with a manifest of another kind', { 'manifest.json': [] }, /manifest\.json: expected a JSON object/],
    ['of a newer schema', { 'manifest.json': manifest({}, '999.0.0') }, /manifest\.json: its schema is 999\.0\.0/],
    ['of no schema', { 'manifest.json': {} }, /manifest\.json: its schema is not stated/],
    [
      'with a nested assembly that is not there',
      { 'manifest.json': manifest({ N: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-N' } } }) },
      /assembly-N: there is no manifest\.json/,
    ],
  ])('%s', (_, files, message) => {
    const directory = writeAssembly(files);
    expect(() => readAssembly(directory)).toThrow(message);
    expect(() => readAssembly(directory)).toThrow(AssemblyError);
  });

  test('that does not exist', () => {
    expect(() => readAssembly(`${temporaryDirectory()}/nowhere`)).toThrow(/nowhere: there is no manifest/);
  });
});

describe('a part that cannot be read is a use of opaque origin, and the rest is judged', () => {
  test('a template that is no JSON', () => {
    const files = {
      'manifest.json': manifest({ Bad: stack('bad.json'), Good: stack('good.json') }),
      'bad.json': 'Resources:',
      'good.json': { Resources: { T: task } },
    };
    expect(reasons(files)).toEqual(['reference', expect.stringMatching(/bad\.json: .*JSON/)]);
  });

  test('a template that is not there', () => {
    expect(reasons({ 'manifest.json': manifest({ S: stack('gone.json') }) })).toEqual([
      expect.stringMatching(/gone\.json: .*no such file/),
    ]);
  });

  test('an asset manifest that is not there', () => {
    const assets = { type: 'cdk:asset-manifest', properties: { file: 'S.assets.json' } };
    expect(reasons({ 'manifest.json': manifest({ 'S.assets': assets }) })).toEqual([
      expect.stringMatching(/S\.assets\.json: .*no such file/),
    ]);
  });

  test('a nested template that is not in the assembly', () => {
    const files = { 'manifest.json': manifest({ S: stack('s.json') }), 's.json': { Resources: { N: nested } } };
    expect(reasons(files)).toEqual([expect.stringMatching(/nested stack N is not in this assembly/)]);
  });

  test('a nested stack that contains itself', () => {
    const files = {
      'manifest.json': manifest({
        S: stack('s.json'),
        'S.assets': { type: 'cdk:asset-manifest', properties: { file: 'S.assets.json' } },
      }),
      'S.assets.json': { files: { [HASH]: { source: { path: 'n.json' } } } },
      's.json': { Resources: { N: nested } },
      'n.json': { Resources: { N: nested, T: task } },
    };
    expect(reasons(files)).toEqual(['reference', expect.stringMatching(/nested stack N contains itself/)]);
  });

  test.each<[string, object]>([
    ['a module', { Resources: { M: { Type: 'Org::ECS::Service::MODULE' } } }],
    ['a serverless application', { Resources: { A: { Type: 'AWS::Serverless::Application' } } }],
    ['a macro', { Transform: ['AWS::Serverless-2016-10-31', 'Mine'], Resources: {} }],
    ['a loop over resources', { Resources: { 'Fn::ForEach::Loop': ['X', ['a'], { 'T${X}': task }] } }],
    [
      'a manifest that is no JSON',
      { Resources: { K: { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { Manifest: 'kind: Pod' } } } },
    ],
  ])('%s', (_, template) => {
    const found = reasons({ 'manifest.json': manifest({ S: stack('s.json') }), 's.json': template });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/ /);
  });
});

describe('what is made to lead astray', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'an assembly that is nested in itself',
      { 'manifest.json': manifest({ N: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } }) },
      /manifest\.json: the assembly in .* is nested in itself/,
    ],
    [
      'an assembly that is nested outside of it',
      { 'manifest.json': manifest({ N: { type: 'cdk:cloud-assembly', properties: { directoryName: '../..' } } }) },
      /manifest\.json: the assembly in .* lies outside of this one/,
    ],
  ])('%s is refused', (_, files, message) => {
    const directory = writeAssembly(files);
    expect(() => readAssembly(directory)).toThrow(message);
  });

  test('a template outside of the assembly is not read', () => {
    expect(reasons({ 'manifest.json': manifest({ S: stack('../../etc/passwd') }) })).toEqual([
      expect.stringMatching(/etc\/passwd: lies outside of the assembly/),
    ]);
  });

  test('a template that is nested deeper than any is not walked', () => {
    const deep = `{"Resources":{"T":{"Type":"AWS::ECS::TaskDefinition","Properties":${'{"A":'.repeat(20_000)}1${'}'.repeat(20_003)}`;
    expect(reasons({ 'manifest.json': manifest({ S: stack('s.json') }), 's.json': deep })).toEqual([
      expect.stringMatching(/s\.json: is nested deeper than/),
    ]);
  });

  test.each<[string, string, object]>([
    ['a manifest', 'Custom::AWSCDK-EKS-KubernetesResource', { Manifest: `${'['.repeat(5000)}${']'.repeat(5000)}` }],
    [
      'a state machine',
      'AWS::StepFunctions::StateMachine',
      { DefinitionString: `${'['.repeat(5000)}${']'.repeat(5000)}` },
    ],
  ])('%s that is nested deeper than any is unproven', (_, Type, Properties) => {
    const template = { Resources: { R: { Type, Properties } } };
    const found = reasons({ 'manifest.json': manifest({ S: stack('s.json') }), 's.json': template });
    expect(found).toEqual([expect.stringMatching(/is no JSON/)]);
  });

  test('a template of many megabytes is read to its end', () => {
    const filler = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [
        `Q${index}`,
        { Type: 'AWS::SQS::Queue', Properties: { A: 'x'.repeat(80) } },
      ]),
    );
    const template = { Resources: { ...filler, T: task } };
    expect(reasons({ 'manifest.json': manifest({ S: stack('s.json') }), 's.json': template })).toEqual(['reference']);
  });
});
