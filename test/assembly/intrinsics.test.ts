import { everyWorld } from '../../lib/assembly/choices';
import { readable } from '../../lib/assembly/deferred';
import { evaluate } from '../../lib/assembly/intrinsics';
import type { Json, JsonObject } from '../../lib/assembly/json';
import { imagesIn, modelOf, usesOf } from './template-model';

/** All values that something may have, deferred parts in `${}`. */
function valuesOf(value: Json, sections: JsonObject = {}, others: Record<string, JsonObject> = {}): Json[] {
  const [scope] = modelOf({ S: sections, ...others }).templates;
  const { results } = everyWorld((choices) => evaluate(value, { scope, choices }) ?? null);
  return results.map((result) => JSON.parse(readable(JSON.stringify(result))) as Json);
}

const PARAMETERS = {
  Tag: { Type: 'String', Default: 'v1' },
  Open: { Type: 'String' },
  Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
  Secret: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/path/of/parameter' },
  List: { Type: 'CommaDelimitedList', AllowedValues: ['a, b'] },
};

describe('intrinsic functions', () => {
  test.each<[string, Json, Json[]]>([
    ['a literal stays', 'a', ['a']],
    ['a pseudo parameter is deferred', { Ref: 'AWS::Region' }, ['${AWS::Region}']],
    ['a default is one possibility beside the unknown', { Ref: 'Tag' }, ['v1', '${Tag}']],
    ['a parameter without a default is deferred', { Ref: 'Open' }, ['${Open}']],
    ['allowed values are all there is', { Ref: 'Stage' }, ['dev', 'prod']],
    ['the default of an SSM parameter is its name, not its value', { Ref: 'Secret' }, ['${Secret}']],
    ['a list parameter is a list', { 'Fn::Select': [1, { Ref: 'List' }] }, ['b']],
    ['Sub knows its own words', { 'Fn::Sub': ['${x}/${!y}/${AWS::Region}', { x: 'X' }] }, ['X/${y}/${AWS::Region}']],
    ['Join joins', { 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }, 'b']] }, ['a/${AWS::Region}/b']],
    ['Split and Select', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b'] }] }, ['b']],
    ['what is split may not be known', { 'Fn::Split': [':', { Ref: 'AWS::Region' }] }, ['${Fn::Split}']],
    ['If goes both ways', { 'Fn::If': ['Unknown', 'a', 'b'] }, ['a', 'b']],
    ['If goes one way when the condition is known', { 'Fn::If': ['Known', 'a', 'b'] }, ['b']],
    [
      'conditions follow parameters',
      { 'Fn::Join': ['-', [{ Ref: 'Stage' }, { 'Fn::If': ['IsProd', 'a', 'b'] }]] },
      ['dev-b', 'prod-a'],
    ],
    [
      'the same condition goes the same way',
      { 'Fn::Join': ['', [{ 'Fn::If': ['Unknown', 'a', 'b'] }, { 'Fn::If': ['Unknown', 'a', 'b'] }]] },
      ['aa', 'bb'],
    ],
    ['a mapping', { 'Fn::FindInMap': ['Map', 'eu', 'x'] }, ['1']],
    [
      'a mapping by region may give any of its values',
      { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'x'] },
      ['1', '2'],
    ],
    ['an attribute is deferred', { 'Fn::GetAtt': ['Repo', 'Arn'] }, ['${Repo.Arn}']],
    ['a repository with a name', { Ref: 'Repo' }, ['team/app']],
    ['an import', { 'Fn::ImportValue': 'Other-Image' }, ['registry.test/app:1']],
    ['an import of nothing known', { 'Fn::ImportValue': 'Elsewhere' }, ['${Elsewhere}']],
    [
      'an output of another stack',
      { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'Image' } },
      ['registry.test/app:1'],
    ],
    ['a function that nobody knows is deferred', { 'Fn::Cidr': ['a', 1] }, ['${Fn::Cidr}']],
    ['a condition that refers to itself', { 'Fn::If': ['Circle', 'a', 'b'] }, ['a', 'b']],
  ])('%s', (_, value, expected) => {
    const sections = {
      Parameters: PARAMETERS,
      Mappings: { Map: { eu: { x: '1' }, us: { x: '2' } } },
      Conditions: {
        Unknown: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu'] },
        Known: { 'Fn::Not': [{ 'Fn::Equals': ['a', 'a'] }] },
        IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
        Circle: { Condition: 'Circle' },
      },
      Resources: { Repo: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'team/app' } } },
    };
    const other = { Outputs: { Image: { Value: 'registry.test/app:1', Export: { Name: 'Other-Image' } } } };
    expect(valuesOf(value, sections, { Other: other })).toEqual(expected);
  });

  test('values that refer to each other in a circle are deferred', () => {
    const circle = (export_: string, of: string) => ({
      O: { Value: { 'Fn::ImportValue': of }, Export: { Name: export_ } },
    });
    expect(valuesOf({ 'Fn::ImportValue': 'a' }, { Outputs: { ...circle('a', 'a') } })).toEqual(['${Fn::ImportValue}']);
  });
});

describe('an image that depends on how the stack is deployed', () => {
  const task = (image: Json) => ({ ContainerDefinitions: [{ Name: 'web', Image: image }] });

  test('is a use for each branch of a condition', () => {
    const uses = usesOf('AWS::ECS::TaskDefinition', task({ 'Fn::If': ['C', 'a.test/good', 'b.test/bad'] }));
    expect(imagesIn(uses)).toEqual(['a.test/good', 'b.test/bad']);
  });

  test('is judged by its default and called unknown, because a deployment may set it', () => {
    const sections = { Parameters: { Tag: { Type: 'String', Default: 'v1' } } };
    const uses = usesOf('AWS::ECS::TaskDefinition', task({ 'Fn::Sub': 'registry.test/app:${Tag}' }), sections);
    expect(imagesIn(uses)).toEqual(['registry.test/app:v1', 'opaque']);
  });

  test('is opaque when it is fetched as the stack is deployed', () => {
    expect(imagesIn(usesOf('AWS::ECS::TaskDefinition', task('{{resolve:ssm:/image}}')))).toEqual(['opaque']);
  });

  test('is undecidable when it depends on too much, and that is said', () => {
    const branches = Array.from({ length: 10 }, (_, index) => ({ 'Fn::If': [`C${index}`, 'a', 'b'] }));
    const uses = usesOf('AWS::ECS::TaskDefinition', task({ 'Fn::Join': ['', branches] }));
    expect(imagesIn(uses)).toContain('opaque');
    expect(uses.length).toBeLessThan(100);
  });

  test('does not multiply with conditions that have nothing to do with it', () => {
    const branches = Array.from({ length: 20 }, (_, index) => ({
      Name: 'x',
      Value: { 'Fn::If': [`C${index}`, 'a', 'b'] },
    }));
    const properties = { ContainerDefinitions: [{ Name: 'web', Image: 'a.test/x', Environment: branches }] };
    expect(usesOf('AWS::ECS::TaskDefinition', properties)).toHaveLength(1);
  });
});
