import { Choices } from './choices';
import { deferred, isDeferred } from './deferred';
import type { Json, JsonObject } from './json';
import { isObject, members, textOf } from './json';
import type { TemplateScope } from './template-scope';

/** Where and how a value is read. */
export interface Reading {
  readonly scope: TemplateScope;
  readonly choices: Choices;
  /** How many references led here; bounded, because templates may refer in circles. */
  readonly depth?: number;
}

type Intrinsic = (argument: Json, reading: Reading) => Json | undefined;

const DEEPEST = 64;

/** A value with all intrinsic functions worked out; what only a deployment knows is a deferred text. */
export function evaluate(value: Json | undefined, reading: Reading): Json | undefined {
  const top = evaluateTop(value, reading);
  if (typeof top !== 'object' || top === null) return top;
  if (Array.isArray(top)) return top.map((item) => evaluate(item, reading)).filter((item) => item !== undefined);
  const entries = members(top).map(([key, item]) => [key, evaluate(item, reading)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
}

/**
 * A value with the intrinsic function at its root worked out, and what is inside left as it is: conditions in parts that
 * nobody looks at are never asked.
 */
export function evaluateTop(value: Json | undefined, reading: Reading): Json | undefined {
  const call = intrinsicCall(value);
  if (!call) return value;
  if ((reading.depth ?? 0) > DEEPEST) return deferred(call.name);
  const inner = { ...reading, depth: (reading.depth ?? 0) + 1 };
  const intrinsic = Object.hasOwn(INTRINSICS, call.name) ? INTRINSICS[call.name] : undefined;
  return intrinsic ? intrinsic(call.argument, inner) : deferred(call.name);
}

/** Asked of every value that is looked at, most of which are plain; nothing is allocated for those. */
function intrinsicCall(value: Json | undefined): { name: string; argument: Json } | undefined {
  if (!isObject(value)) return undefined;
  let count = 0;
  let called = '';
  for (const key in value) {
    count++;
    if (key !== 'Ref' && !key.startsWith('Fn::')) continue;
    // These stand beside other members, and add to them what only the deployment knows.
    if (key === 'Fn::Transform' || key.startsWith('Fn::ForEach')) {
      return { name: key.split('::', 2).join('::'), argument: value[key] };
    }
    called = key;
  }
  return count === 1 && called !== '' ? { name: called, argument: value[called] } : undefined;
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, reading) => refer(textOf(argument) ?? '', reading),
  'Fn::GetAtt': (argument, reading) => attribute(attributePath(argument, reading), reading),
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::If': chooseBranch,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': (argument, reading) => importValue(text(argument, reading), reading),
  'Fn::GetStackOutput': stackOutput,
  'Fn::Length': (argument, reading) => {
    const list = evaluate(argument, reading);
    return Array.isArray(list) ? list.length : deferred('Fn::Length');
  },
  'Fn::Base64': (argument, reading) => Buffer.from(text(argument, reading)).toString('base64'),
  'Fn::ToJsonString': (argument, reading) => JSON.stringify(evaluate(argument, reading) ?? null),
};

/** A value as text, deferred when it is none. */
function text(value: Json | undefined, reading: Reading): string {
  const known = evaluate(value, reading);
  if (typeof known === 'string') return known;
  return typeof known === 'number' || typeof known === 'boolean' ? String(known) : deferred('value');
}

function refer(name: string, reading: Reading): Json | undefined {
  if (name === 'AWS::NoValue') return undefined;
  if (name === 'AWS::StackName' || name === 'AWS::StackId') return nameOfStack(name, reading.scope);
  if (name.startsWith('AWS::')) return deferred(name);
  const parameter = reading.scope.section('Parameters', name);
  if (isObject(parameter)) return parameterValue(name, parameter, reading);
  return repositoryName(name, reading) ?? deferred(name, `${reading.scope.id}.${name}`);
}

/** CloudFormation makes up the names of nested stacks; no two stacks have the same. */
function nameOfStack(name: string, { id, stackName, nestedIn }: TemplateScope): string {
  return name === 'AWS::StackName' && stackName !== undefined && !nestedIn ? stackName : deferred(name, id);
}

/** A repository that the template names: `Ref` gives just that name. */
function repositoryName(name: string, reading: Reading): string | undefined {
  const resource = reading.scope.section('Resources', name);
  if (!isObject(resource) || resource.Type !== 'AWS::ECR::Repository' || !isObject(resource.Properties))
    return undefined;
  const stated = evaluate(resource.Properties.RepositoryName, reading);
  return typeof stated === 'string' && !isDeferred(stated) ? stated : undefined;
}

/**
 * A parameter of a nested stack is what its parent passes. One of a deployable stack may be set as it is deployed: only a list
 * of allowed values closes it, and a default is one possibility beside the unknown.
 */
function parameterValue(name: string, parameter: JsonObject, reading: Reading): Json | undefined {
  const type = textOf(parameter.Type) ?? 'String';
  const unknown = deferred(name, `${reading.scope.id}.${name}`);
  if (type.startsWith('AWS::SSM::')) return unknown;
  const passed = passedParameter(name, reading);
  if (passed) return ofType(type, evaluate(passed.value, passed.reading));
  if (isNestedStack(reading.scope)) return parameter.Default === undefined ? unknown : ofType(type, parameter.Default);
  const allowed = Array.isArray(parameter.AllowedValues) ? parameter.AllowedValues : [];
  const options = allowed.length > 0 ? allowed : [parameter.Default, unknown].filter((option) => option !== undefined);
  return ofType(type, reading.choices.pick(`${reading.scope.id}.${name}`, options));
}

/** The parameters of stack sets and products are set by whoever deploys them, like those of stacks. */
function isNestedStack({ nestedIn }: TemplateScope): boolean {
  const resource = nestedIn?.scope.section('Resources', nestedIn.logicalId);
  return isObject(resource) && resource.Type === 'AWS::CloudFormation::Stack';
}

function passedParameter(name: string, reading: Reading): { value: Json; reading: Reading } | undefined {
  const parent = reading.scope.nestedIn;
  const resource = parent?.scope.section('Resources', parent.logicalId);
  if (!parent || !isObject(resource) || !isObject(resource.Properties)) return undefined;
  const inParent = { ...reading, scope: parent.scope };
  const parameters = evaluateTop(resource.Properties.Parameters, inParent);
  return isObject(parameters) && Object.hasOwn(parameters, name)
    ? { value: parameters[name], reading: inParent }
    : undefined;
}

function ofType(type: string, value: Json | undefined): Json | undefined {
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  if (!isList || typeof value !== 'string' || isDeferred(value)) return value;
  return value.split(',').map((item) => item.trim());
}

/** The resource and attribute of `Fn::GetAtt`, in either spelling. */
function attributePath(argument: Json, reading: Reading): string {
  if (Array.isArray(argument)) return argument.map((part) => text(part, reading)).join('.');
  return textOf(argument) ?? '';
}

function attribute(path: string, reading: Reading): Json | undefined {
  const [logicalId, section, output] = path.split('.');
  const nested = reading.scope.nested.get(logicalId);
  if (nested && section === 'Outputs' && output) {
    // Which template it is may depend on conditions.
    const scope = reading.choices.pick(`${reading.scope.id}.${logicalId}`, nested);
    return outputValue(scope, output, reading) ?? deferred(path);
  }
  return deferred(path, `${reading.scope.id}.${logicalId}`);
}

function outputValue(scope: TemplateScope, name: string, reading: Reading): Json | undefined {
  const output = scope.section('Outputs', name);
  return isObject(output) ? evaluate(output.Value, { ...reading, scope }) : undefined;
}

function substitute(argument: Json, reading: Reading): Json {
  const [pattern, words] = Array.isArray(argument) ? [textOf(argument[0]), argument[1]] : [textOf(argument), undefined];
  if (pattern === undefined) return deferred('Fn::Sub');
  return pattern.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal) return '${' + name + '}';
    const word = isObject(words) && Object.hasOwn(words, name) ? words[name] : undefined;
    if (word !== undefined) return text(word, reading);
    return text(name.includes('.') ? attribute(name, reading) : refer(name, reading), reading);
  });
}

function join(argument: Json, reading: Reading): Json {
  const [delimiter, items] = Array.isArray(argument) ? argument : [];
  const list = evaluate(items, reading);
  if (!Array.isArray(list)) return deferred('Fn::Join');
  return list.map((item) => text(item, reading)).join(text(delimiter, reading));
}

function select(argument: Json, reading: Reading): Json | undefined {
  const [index, items] = Array.isArray(argument) ? argument : [];
  const list = evaluate(items, reading);
  const position = Number(text(index, reading));
  return Array.isArray(list) && Number.isInteger(position) && position in list
    ? list[position]
    : deferred('Fn::Select');
}

/** What is deferred may hold the delimiter itself, so nothing can be said of the pieces. */
function split(argument: Json, reading: Reading): Json {
  const [delimiter, source] = Array.isArray(argument) ? argument : [];
  const whole = text(source, reading);
  return isDeferred(whole) ? deferred('Fn::Split') : whole.split(text(delimiter, reading));
}

function chooseBranch(argument: Json, reading: Reading): Json | undefined {
  const [condition, whenTrue, whenFalse] = Array.isArray(argument) ? argument : [];
  return evaluateTop(holds(textOf(condition) ?? '', reading) ? whenTrue : whenFalse, reading);
}

/** Whether a condition holds; where the template alone cannot tell, both ways are looked at. */
function holds(name: string, reading: Reading): boolean {
  const depth = (reading.depth ?? 0) + 1;
  const known = depth > DEEPEST ? undefined : decide(reading.scope.section('Conditions', name), { ...reading, depth });
  return known ?? reading.choices.pick(`${reading.scope.id}?${name}`, [true, false]);
}

function decide(condition: Json | undefined, reading: Reading): boolean | undefined {
  if (!isObject(condition)) return undefined;
  const [[name, argument] = ['', null]] = members(condition);
  const operands = Array.isArray(argument) ? argument : [];
  switch (name) {
    case 'Condition':
      return holds(textOf(argument) ?? '', reading);
    case 'Fn::Not':
      return negate(decide(operands[0], reading));
    case 'Fn::And':
      return every(operands.map((operand) => decide(operand, reading)));
    case 'Fn::Or':
      return negate(every(operands.map((operand) => negate(decide(operand, reading)))));
    case 'Fn::Equals':
      return equal(text(operands[0], reading), text(operands[1], reading));
    default:
      return undefined;
  }
}

const negate = (value: boolean | undefined) => (value === undefined ? undefined : !value);

function every(values: ReadonlyArray<boolean | undefined>): boolean | undefined {
  if (values.includes(false)) return false;
  return values.includes(undefined) ? undefined : true;
}

function equal(left: string, right: string): boolean | undefined {
  return isDeferred(left) || isDeferred(right) ? undefined : left === right;
}

/** A mapping that is read by something deferred (the region, usually) may give any of its values, or what it has by default. */
function findInMap(argument: Json, reading: Reading): Json | undefined {
  const [map, first, second, options] = Array.isArray(argument) ? argument : [];
  const [name, row, column] = [map, first, second].map((part) => text(part, reading));
  const rows = pickMember(reading.scope.section('Mappings', name), row, `${name}[1]`, reading);
  const value = pickMember(rows, column, `${name}[2]`, reading);
  const otherwise = isObject(options) ? options.DefaultValue : undefined;
  const isOpen = otherwise !== undefined && isDeferred(`${name}${row}${column}`);
  const chosen = isOpen ? reading.choices.pick(`${name}[${row}][${column}]`, [value, otherwise]) : value;
  return (chosen ?? otherwise) === undefined ? deferred('Fn::FindInMap') : evaluate(chosen ?? otherwise, reading);
}

function pickMember(value: Json | undefined, key: string, question: string, reading: Reading): Json | undefined {
  if (!isObject(value)) return undefined;
  if (!isDeferred(key)) return Object.hasOwn(value, key) ? value[key] : undefined;
  const options = Object.values(value);
  return options.length > 0 ? reading.choices.pick(`${reading.scope.id}#${question}${key}`, options) : undefined;
}

/** The value of an export, when a stack of the same assembly makes it. Those of Stages may have the same name. */
function importValue(name: string, reading: Reading): Json | undefined {
  const all = exportsOf(reading.scope.siblings).get(name);
  const found = all && reading.choices.pick(`import ${name}`, all);
  return (found && evaluate(found.value, { ...reading, scope: found.scope })) ?? deferred(name);
}

interface Export {
  readonly scope: TemplateScope;
  readonly value: Json;
}

const EXPORTS = new WeakMap<readonly TemplateScope[], Map<string, Export[]>>();

function exportsOf(scopes: readonly TemplateScope[]): Map<string, Export[]> {
  const known = EXPORTS.get(scopes);
  if (known) return known;
  const exports = new Map<string, Export[]>();
  for (const [name, found] of scopes.flatMap(exportsOfTemplate))
    exports.set(name, [...(exports.get(name) ?? []), found]);
  EXPORTS.set(scopes, exports);
  return exports;
}

function exportsOfTemplate(scope: TemplateScope): Array<[string, Export]> {
  return members(scope.template.Outputs).flatMap(([, output]): Array<[string, Export]> => {
    if (!isObject(output) || !isObject(output.Export)) return [];
    return [[text(output.Export.Name, { scope, choices: new Choices([]) }), { scope, value: output.Value }]];
  });
}

function stackOutput(argument: Json, reading: Reading): Json | undefined {
  if (!isObject(argument)) return deferred('Fn::GetStackOutput');
  const [stack, output] = [text(argument.StackName, reading), text(argument.OutputName, reading)];
  const all = reading.scope.siblings.filter((sibling) => sibling.stackName === stack);
  const scope = all.length > 0 ? reading.choices.pick(`stack ${stack}`, all) : undefined;
  return (scope && outputValue(scope, output, reading)) ?? deferred(`${stack}.${output}`);
}
