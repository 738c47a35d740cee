import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { AssemblyError } from '../../lib/assembly/assembly-error';
import { readAssembly } from '../../lib/assembly/cloud-assembly';
import { imageUses } from '../../lib/assembly/image-uses';
import { temporaryDirectory, writeAssembly } from './cdk-apps';

const HASH = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const BAD = 'alpine:3.20';
const GOOD = 'gcr.io/distroless/static-debian13:nonroot';
const ECR = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

const task = (Image: unknown) => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { ContainerDefinitions: [{ Name: 'web', Image }] },
});
const running = (Image: unknown) => ({ Resources: { T: task(Image) } });
const stack = (templateFile: string, more: object = {}) => ({
  type: 'aws:cloudformation:stack',
  properties: { templateFile, ...more },
});
const assetManifest = { type: 'cdk:asset-manifest', properties: { file: 'S.assets.json' } };
const nested = (TemplateURL: unknown, more: object = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL, ...more },
});

/** What an assembly of one stack runs: references, and of what is no reference the reason or the kind. */
function images(template: unknown, assets: object = {}, files: Record<string, unknown> = {}, properties: object = {}) {
  const directory = writeAssembly({
    'manifest.json': { version: '36.0.0', artifacts: { S: stack('s.json', properties), 'S.assets': assetManifest } },
    's.json': template,
    'S.assets.json': assets,
    ...files,
  });
  return imagesOf(directory);
}

function imagesOf(directory: string): string[] {
  return imageUses(readAssembly(directory)).map(({ origin }) => {
    if (origin.kind === 'reference') return origin.reference;
    return origin.kind === 'opaque' ? origin.reason : origin.kind;
  });
}

const dockerAsset = (source: object) => ({
  dockerImages: { [HASH]: { source, destinations: { here: { repositoryName: 'assets', imageTag: HASH } } } },
});

describe('an image asset', () => {
  const published = running(`${ECR}/assets:${HASH}`);
  const loader = (script: string) => ['sh', '-c', script, 'cdk-tarball-image-asset', 'good.tar'];
  const recipe = 'distroless-gate.0123456789abcdef.json';
  const gate = { [recipe]: { source: { directory: 'image' } } };
  const byCommand = [expect.stringMatching(/^the image is made by a command/)];

  test.each<[string, object, unknown[]]>([
    ['that a directory makes', { directory: 'image' }, ['dockerfile']],
    [
      'that a command makes, whatever directory is named beside it',
      { directory: 'image', executable: ['x'] },
      byCommand,
    ],
    [
      'of a tarball',
      { executable: loader('docker load -i "$1" | tail -n 1 | sed "s/Loaded image[^:]*: //g"') },
      ['tarball'],
    ],
    [
      'that another command than that for tarballs makes',
      { executable: loader(`docker pull ${BAD} >&2; echo ${BAD}`) },
      byCommand,
    ],
    [
      'of a tarball by a program with a blank in its name',
      { executable: loader('docker pull x;docker load -i "$1" | tail -n 1 | sed "s/Loaded image[^:]*: //g"') },
      byCommand,
    ],
    ['with a gate', { executable: ['node', 'distroless-gate/lib/guard/gate/gate-process.js', recipe] }, ['dockerfile']],
    ['with another command than that of the gate', { executable: ['sh', '-c', `echo ${BAD}`, recipe] }, byCommand],
    ['with another program than that of the gate', { executable: ['node', 'other.js', recipe] }, byCommand],
  ])('%s', (_, source, expected) => {
    expect(images(published, dockerAsset(source), gate)).toEqual(expected);
  });

  test.each([
    ['of another registry', `registry.test/assets:${HASH}`],
    ['of a registry that calls itself one of AWS', `x.dkr.ecr.eu-west-1.amazonaws.com.registry.test/assets:${HASH}`],
    ['of no registry', `assets:${HASH}`],
  ])('is not the image %s that has its name', (_, reference) => {
    expect(images(running(reference), dockerAsset({ directory: 'image' }))).toContain(reference);
  });

  test('is not the image of another account that has its name', () => {
    const repositoryName = 'cdk-assets-123456789012-eu-west-1';
    const assets = {
      dockerImages: {
        [HASH]: { source: { directory: 'image' }, destinations: { here: { repositoryName, imageTag: HASH } } },
      },
    };
    const elsewhere = `999999999999.dkr.ecr.eu-west-1.amazonaws.com/${repositoryName}:${HASH}`;
    expect(images(running(elsewhere), assets)).toContain(elsewhere);
    expect(images(running(`${ECR}/${repositoryName}:${HASH}`), assets)).toEqual(['dockerfile']);
  });
});

describe('a nested stack', () => {
  const files = { [HASH]: { source: { path: 'good.json' } }, [OTHER]: { source: { path: 'bad.json' } } };
  const templates = {
    'good.json': { ...running(GOOD), Outputs: { Image: { Value: GOOD } } },
    'bad.json': { ...running(BAD), Outputs: { Image: { Value: BAD } } },
  };

  test('is not the template that its metadata name', () => {
    const resource = { ...nested('https://elsewhere.test/t.json'), Metadata: { 'aws:asset:path': 'good.json' } };
    expect(images({ Resources: { N: resource } }, { files }, templates)).toEqual([
      expect.stringContaining('is not in this assembly: https://elsewhere.test/t.json'),
    ]);
  });

  test('of a template that a command makes as it is published is not read', () => {
    const made = { files: { [HASH]: { source: { path: 'good.json', executable: ['make-template'] } } } };
    const template = { Resources: { N: nested(`https://s3/${HASH}.json`) } };
    expect(images(template, made, templates)).toEqual([expect.stringContaining('is not in this assembly')]);
  });

  test('of two templates gives out what each of them does', () => {
    const url = { 'Fn::If': ['C', `https://s3/${OTHER}.json`, `https://s3/${HASH}.json`] };
    const template = { Resources: { N: nested(url), T: task({ 'Fn::GetAtt': ['N', 'Outputs.Image'] }) } };
    expect(images(template, { files }, templates).sort()).toEqual([BAD, BAD, GOOD, GOOD]);
  });

  test('is not told the value of a parameter of Systems Manager, but its name', () => {
    const inner = { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }, ...running({ Ref: 'P' }) };
    const template = { Resources: { N: nested(`https://s3/${HASH}.json`, { Parameters: { P: GOOD } }) } };
    expect(images(template, { files }, { 'good.json': inner })).toEqual([expect.stringContaining('${P}')]);
  });

  test('is told lists as texts', () => {
    const inner = {
      Parameters: { P: { Type: 'CommaDelimitedList' } },
      ...running({ 'Fn::Select': [1, { Ref: 'P' }] }),
    };
    const template = { Resources: { N: nested(`https://s3/${HASH}.json`, { Parameters: { P: `${GOOD}, ${BAD}` } }) } };
    expect(images(template, { files }, { 'good.json': inner })).toEqual([BAD]);
  });

  test('in YAML is unproven', () => {
    const template = { Resources: { N: nested(`https://s3/${HASH}.json`) } };
    expect(images(template, { files }, { 'good.json': 'Resources:\n  T: {}\n' })).toEqual([
      expect.stringMatching(/good\.json: [^]*JSON/),
    ]);
  });
});

describe('a document of a state machine', () => {
  const machine = {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { DefinitionS3Location: { Key: `${HASH}.json` } },
  };
  const files = { [HASH]: { source: { path: 'asl.json' } } };
  const read = (definition: unknown) => images({ Resources: { M: machine } }, { files }, { 'asl.json': definition });

  test('that is a file of the assembly is read', () => {
    expect(read({ States: { S: { Parameters: { Image: BAD } } } })).toEqual([BAD]);
    expect(read({ States: {} })).toEqual([]);
  });

  test('that is no JSON is unproven', () => {
    expect(read('States: {}')).toEqual([expect.stringContaining('is no JSON')]);
  });
});

describe('a stack', () => {
  test('is what is uploaded in the place of its template, too', () => {
    const files = { [HASH]: { source: { path: 'bad.json' } } };
    const uploaded = { stackTemplateAssetObjectUrl: `s3://bucket/${HASH}.json` };
    expect(images(running(GOOD), { files }, { 'bad.json': running(BAD) }, uploaded)).toEqual([GOOD, BAD]);
    const own = { [HASH]: { source: { path: 's.json' } } };
    expect(images(running(GOOD), { files: own }, {}, uploaded)).toEqual([GOOD]);
  });

  test('that is uploaded from elsewhere is unproven', () => {
    const uploaded = { stackTemplateAssetObjectUrl: `s3://bucket/${HASH}.json` };
    expect(images(running(GOOD), {}, {}, uploaded)).toEqual([
      GOOD,
      expect.stringContaining(`s3://bucket/${HASH}.json`),
    ]);
  });

  test('imports what any of the stacks of the same export may give it', () => {
    const exporting = (Value: string) => ({ Resources: {}, Outputs: { O: { Value, Export: { Name: 'image' } } } });
    const artifacts = { A: stack('a.json'), B: stack('b.json'), C: stack('c.json') };
    const directory = writeAssembly({
      'manifest.json': { version: '36.0.0', artifacts },
      'a.json': exporting(BAD),
      'b.json': exporting(GOOD),
      'c.json': running({ 'Fn::ImportValue': 'image' }),
    });
    expect(imagesOf(directory).sort()).toEqual([BAD, GOOD]);
  });

  test('imports nothing from a stack that exports under its own name', () => {
    const Export = { Name: { 'Fn::Sub': '${AWS::StackName}-image' } };
    const artifacts = { A: stack('a.json'), C: stack('c.json') };
    const read = (name: string) =>
      imagesOf(
        writeAssembly({
          'manifest.json': { version: '36.0.0', artifacts },
          'a.json': { Resources: {}, Outputs: { O: { Value: GOOD, Export } } },
          'c.json': running({ 'Fn::ImportValue': { 'Fn::Sub': name } }),
        }),
      );
    expect(read('${AWS::StackName}-image')).toEqual([expect.stringContaining('only at deployment')]);
    expect(read('A-image')).toEqual([GOOD]);
  });
});

describe('a template that is written in an unusual way', () => {
  const template = JSON.stringify(running(BAD));

  test.each<[string, string | Buffer]>([
    ['with a byte order mark', `\uFEFF${template}`],
    ['in UTF-16', Buffer.from(template, 'utf16le').toString('latin1')],
    ['with comments', `// good\n${template}`],
    ['in YAML', 'Resources:\n  T: { Type: AWS::ECS::TaskDefinition }\n'],
    ['that is empty', ''],
    ['that is a text', '"Resources"'],
    ['that is null', 'null'],
    ['whose resources are a list', '{ "Resources": [] }'],
  ])('%s is unproven', (_, text) => {
    expect(images(text)).toEqual([expect.stringMatching(/s\.json: /)]);
  });

  test('with numbers that are too large for any image is unproven', () => {
    expect(images(template.replace(JSON.stringify(BAD), '1e999'))).toEqual([expect.stringContaining('no text')]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'with the name %s all over it is judged',
    (name) => {
      const text = JSON.stringify({
        Parameters: { [name]: { Type: 'String' }, P: { Type: name } },
        Mappings: { [name]: { [name]: { [name]: BAD } } },
        Resources: {
          X: { Type: name, Properties: { [name]: name }, Metadata: { 'AWS::CloudFormation::Init': { a: name } } },
          Y: task({ 'Fn::FindInMap': [name, name, name] }),
          Z: task({ [`Fn::${name}`]: GOOD }),
          S: {
            Type: 'AWS::StepFunctions::StateMachine',
            Properties: { Definition: { [name]: { [name]: { Image: BAD } } } },
          },
        },
      });
      const proto = text.replaceAll(`"${name}":`, JSON.stringify(name) + ':');
      expect(images(proto)).toEqual([BAD, expect.stringContaining('only at deployment'), BAD]);
    },
  );
});

describe('an assembly', () => {
  test.each<[string, string]>([
    ['with a byte order mark', '\uFEFF{}'],
    ['with comments', '/* 36 */ {}'],
    ['that is null', 'null'],
    ['with a list of artifacts', JSON.stringify({ version: '36.0.0', artifacts: [stack('s.json')] })],
    ['with artifacts of null', JSON.stringify({ version: '36.0.0', artifacts: null })],
  ])('%s in its manifest is refused', (_, text) => {
    const directory = writeAssembly({ 'manifest.json': text });
    expect(() => readAssembly(directory)).toThrow(AssemblyError);
  });

  test.each<[string, unknown, string[]]>([
    ['a stack without a template', { S: { type: 'aws:cloudformation:stack' } }, ['']],
    ['a stack of an unusual name', { '../S (x)': stack('s.json') }, [BAD]],
    ['assets that are a directory', { S: stack('s.json'), A: { type: 'cdk:asset-manifest' } }, [BAD, '']],
  ])('may have %s', (_, artifacts, expected) => {
    const directory = writeAssembly({ 'manifest.json': { version: '36.0.0', artifacts }, 's.json': running(BAD) });
    expect(imagesOf(directory)).toEqual(expected.map((image) => image || (expect.stringMatching(/: \w/) as string)));
  });

  test('that is nested in itself by a link is refused', () => {
    const artifacts = { N: { type: 'cdk:cloud-assembly', properties: { directoryName: 'again' } } };
    const directory = writeAssembly({ 'manifest.json': { version: '36.0.0', artifacts } });
    symlinkSync(directory, join(directory, 'again'));
    expect(() => readAssembly(directory)).toThrow(/is nested in itself/);
  });

  test('is read by a link to it', () => {
    const directory = writeAssembly({
      'manifest.json': { version: '36.0.0', artifacts: { S: stack('s.json') } },
      's.json': running(BAD),
    });
    const link = join(temporaryDirectory(), 'cdk.out');
    symlinkSync(directory, link);
    expect(imagesOf(link)).toEqual([BAD]);
  });
});
