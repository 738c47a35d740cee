import type { Json, JsonObject } from '../../../lib/assembly/json';
import type { Attack } from './attack';
import { attack, BAD, container, GOOD, resource, running, task, taskWith } from './attack';

const [NAME, TAG] = BAD.split(':');
const conditions = (count: number): JsonObject =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`C${i}`, { 'Fn::Equals': [{ Ref: 'AWS::Region' }, `${i}`] }]),
  );
const manyTags = (count: number): Json[] =>
  Array.from({ length: count }, (_, i): Json => ({ 'Fn::If': [`C${i}`, { Key: 'a' }, { Ref: 'AWS::NoValue' }] }));
const nested = (body: JsonObject): JsonObject => ({ Type: 'AWS::CloudFormation::Stack', Properties: body });

/**
 * All ways to set a value: what to write in the place of the image, and the sections of the template that it refers to. Each comes to a
 * shelled image, or to what nobody can tell.
 */
export const WAYS_TO_SET: ReadonlyArray<readonly [name: string, value: Json, sections: JsonObject]> = [
  ['as it is', BAD, {}],
  ['Fn::Sub', { 'Fn::Sub': BAD }, {}],
  ['Fn::Sub with words', { 'Fn::Sub': ['${n}:${t}', { n: NAME, t: { 'Fn::Sub': TAG } }] }, {}],
  ['Fn::Sub of a parameter', { 'Fn::Sub': '${P}' }, { Parameters: { P: { Type: 'String', Default: BAD } } }],
  ['Fn::Join', { 'Fn::Join': [':', [NAME, TAG]] }, {}],
  ['Fn::Select and Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': ['|', `${GOOD}|${BAD}`] }] }, {}],
  ['Fn::If', { 'Fn::If': ['C0', GOOD, BAD] }, { Conditions: conditions(1) }],
  ['Fn::If of an unknown condition', { 'Fn::If': ['Nowhere', GOOD, { 'Fn::If': ['Else', GOOD, BAD] }] }, {}],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['M', 'a', 'b'] }, { Mappings: { M: { a: { b: BAD } } } }],
  [
    'Fn::FindInMap by account',
    { 'Fn::FindInMap': ['M', { Ref: 'AWS::AccountId' }, 'b'] },
    { Mappings: { M: { '1': { b: GOOD }, '2': { b: BAD } } } },
  ],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Maker', 'Image'] }, {}],
  ['Fn::ImportValue', { 'Fn::ImportValue': 'image' }, {}],
  ['a parameter without a default', { Ref: 'P' }, { Parameters: { P: { Type: 'String' } } }],
  [
    'a parameter that nobody sees',
    { Ref: 'P' },
    { Parameters: { P: { Type: 'String', NoEcho: true, Default: GOOD } } },
  ],
  ['one of the allowed values', { Ref: 'P' }, { Parameters: { P: { Type: 'String', AllowedValues: [GOOD, BAD] } } }],
  ['a parameter that allows nothing', { Ref: 'P' }, { Parameters: { P: { Type: 'String', AllowedValues: [] } } }],
  [
    'an element of a list',
    { 'Fn::Select': [0, { Ref: 'P' }] },
    { Parameters: { P: { Type: 'CommaDelimitedList', Default: BAD } } },
  ],
  ['Systems Manager', '{{resolve:ssm:/image:1}}', {}],
  ['Secrets Manager', { 'Fn::Sub': '{{resolve:secretsmanager:${AWS::StackName}:SecretString:image}}' }, {}],
  ['a macro', { 'Fn::Transform': { Name: 'Mine', Parameters: { Image: GOOD } } }, {}],
  ['Fn::Base64', { 'Fn::Base64': GOOD }, {}],
  ['Fn::Cidr', { 'Fn::Cidr': [GOOD, 1, 1] }, {}],
  ['a function that is yet to come', { 'Fn::Tomorrow': [GOOD] }, {}],
  ['a reference to nothing', { Ref: 'Nothing' }, {}],
  ['a text with blanks around it', ` ${BAD} `, {}],
  ['a number', 5, {}],
  ['a list', [GOOD], {}],
  ['nothing', null, {}],
  ['an object', { 'Fn::Sub': BAD, Ref: 'P' }, {}],
];

/** Images and commands that a template comes to by its functions. */
export const ATTACKS_BY_VALUE: readonly Attack[] = [
  attack(
    'a list that is no list',
    'NonDistrolessBase',
    taskWith({ ContainerDefinitions: { Name: 'web', Image: BAD } }),
  ),
  attack(
    'a list where an object belongs',
    'Unproven',
    resource('AWS::ECS::ExpressGatewayService', { PrimaryContainer: [{ Image: BAD }] }),
  ),
  attack('properties of two possibilities', 'NonDistrolessBase', {
    Resources: {
      R: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          'Fn::If': [
            'C',
            { ContainerDefinitions: [container] },
            { ContainerDefinitions: [{ ...container, Image: BAD }] },
          ],
        },
      },
    },
  }),
  attack('more conditions than can be looked at', 'Unproven', {
    Conditions: conditions(8),
    ...taskWith({ ContainerDefinitions: [{ ...container, Command: manyTags(8) }] }),
  }),
  attack('a service with more conditions than can be looked at', 'Unproven', {
    Conditions: conditions(8),
    Resources: {
      T: task(),
      R: {
        Type: 'AWS::ECS::Service',
        Properties: { TaskDefinition: { 'Fn::If': ['C7', { Ref: 'T' }, 'legacy:3'] }, Tags: manyTags(7) },
      },
    },
  }),
  attack('a nested stack with more templates than can be looked at', 'Unproven', {
    Conditions: conditions(8),
    Resources: {
      N: nested({
        TemplateURL: { 'Fn::Join': ['', Array.from({ length: 8 }, (_, i) => ({ 'Fn::If': [`C${i}`, 'a', 'b'] }))] },
      }),
    },
  }),
  attack('a list parameter that holds more than one', 'NonDistrolessBase', {
    Parameters: { P: { Type: 'CommaDelimitedList', Default: `${GOOD},${BAD}` } },
    ...running({ 'Fn::Select': ['1', { Ref: 'P' }] }),
  }),
  attack('an image in its own region of a mapping', 'NonDistrolessBase', {
    Mappings: { M: { eu: { good: GOOD, bad: BAD } } },
    ...running({ 'Fn::FindInMap': ['M', 'eu', { 'Fn::If': ['C', 'good', 'bad'] }] }),
  }),
  attack('a mapping that a macro makes', 'Unproven', {
    Mappings: { M: { 'Fn::Transform': { Name: 'AWS::Include' } } },
    ...running({ 'Fn::FindInMap': ['M', 'eu', 'image'] }),
  }),
  attack('a loop over containers', 'Unproven', {
    Transform: 'AWS::LanguageExtensions',
    ...taskWith({ ContainerDefinitions: { 'Fn::ForEach::C': ['N', ['a'], { '${N}': { Image: BAD } }] } }),
  }),
  attack('a loop beside a container', 'Unproven', {
    Transform: 'AWS::LanguageExtensions',
    ...taskWith({
      ContainerDefinitions: [{ ...container, 'Fn::ForEach::C': ['N', ['Image'], { '${N}': BAD }] }],
    }),
  }),
  attack('a loop over conditions', 'NonDistrolessBase', {
    Transform: 'AWS::LanguageExtensions',
    Conditions: { 'Fn::ForEach::C': ['N', ['a'], { 'C${N}': { 'Fn::Equals': [1, 1] } }] },
    ...running({ 'Fn::If': ['Ca', BAD, GOOD] }),
  }),
  attack('a macro that makes a role into a task', 'Unproven', {
    Resources: { R: { Type: 'AWS::IAM::Role', 'Fn::Transform': { Name: 'Mine' } } },
  }),
  attack('a command word by word', 'ShellCommand', {
    Parameters: { P: { Type: 'String', Default: 'sh' } },
    ...taskWith({
      ContainerDefinitions: [{ ...container, Command: { 'Fn::Split': [' ', { 'Fn::Sub': '${P} -c ls' }] } }],
    }),
  }),
  attack('a program that env is told as it is deployed', 'Unproven', {
    Parameters: { P: { Type: 'String' } },
    ...taskWith({ ContainerDefinitions: [{ ...container, EntryPoint: ['/usr/bin/env', { Ref: 'P' }] }] }),
  }),
  attack(
    'a command of Systems Manager',
    'Unproven',
    taskWith({ ContainerDefinitions: [{ ...container, Command: ['{{resolve:ssm:/command}}'] }] }),
  ),
  attack('a health check of two possibilities', 'ShellCommand', {
    ...taskWith({
      ContainerDefinitions: [
        {
          ...container,
          HealthCheck: { Command: { 'Fn::If': ['C', ['CMD', '/app', 'health'], ['CMD-SHELL', 'true']] } },
        },
      ],
    }),
  }),
  attack(
    'a command that a job is told as it is submitted',
    'Unproven',
    resource('AWS::Batch::JobDefinition', {
      Parameters: { program: 'sh' },
      ContainerProperties: { Image: GOOD, User: '65532', Command: ['Ref::program', '-c', 'ls'] },
    }),
  ),
  attack(
    'a start command in quotes',
    'ShellCommand',
    resource('AWS::AppRunner::Service', {
      SourceConfiguration: {
        ImageRepository: { ImageIdentifier: GOOD, ImageConfiguration: { StartCommand: '"/bin/sh" -c ls' } },
      },
    }),
  ),
];
