import { beginsDeferred, readable } from './deferred';
import type { Json } from './json';
import { isObject, textOf, textOfFile } from './json';
import { parsedDocument } from './parsed-document';
import type { View } from './view';

/** A document in the spelling of another service, and where it stands. */
export interface CarrierDocument {
  readonly path: string;
  /** Undefined when it is no document. */
  readonly content?: Json;
  /** Why it cannot be read. */
  readonly unread?: string;
}

/**
 * Properties that hold documents with images in them, each in the spelling of another service: calls of APIs, pipelines, values
 * of add-ons, recipes. To cover a new carrier, add its properties.
 */
const CARRIERS: Readonly<Record<string, readonly string[]>> = {
  'AWS::StepFunctions::StateMachine': ['DefinitionString', 'Definition'],
  'AWS::Serverless::StateMachine': ['Definition'],
  'AWS::Scheduler::Schedule': ['Target.Input'],
  'AWS::SageMaker::Pipeline': ['PipelineDefinition.PipelineDefinitionBody'],
  'AWS::EKS::Addon': ['ConfigurationValues'],
  'AWS::EMR::Cluster': ['Configurations'],
  'AWS::GreengrassV2::ComponentVersion': ['InlineRecipe'],
  'AWS::SSM::Document': ['Content'],
  'AWS::IoT::JobTemplate': ['Document'],
};

/** What calls an API of AWS, under whatever name. */
const CALLS = ['Create', 'Update', 'Delete'];

/** Properties that say where in S3 a document lies. */
const LOCATIONS: Readonly<Record<string, readonly string[]>> = {
  'AWS::StepFunctions::StateMachine': ['DefinitionS3Location', 'DefinitionUri'],
  'AWS::Serverless::StateMachine': ['DefinitionUri'],
  'AWS::SageMaker::Pipeline': ['PipelineDefinition.PipelineDefinitionS3Location'],
};

/** Whether a resource may hold such documents. */
export function carriesDocuments(type: string): boolean {
  return Object.hasOwn(CARRIERS, type) || isCustom(type);
}

function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** What may start or name a container in a document of another format than JSON, which is not taken apart. */
const MAY_MATTER =
  /^[\s-]*["']?(?:image|imageUri|repository|taskDefinition|jobDefinition|containerOverrides)["']?\s*:|docker:\S/im;

/**
 * The documents of a resource, with the words of its state machine filled in.
 *
 * @param files absolute path of each file asset, by hash
 */
export function carrierDocuments(
  type: string,
  properties: View,
  files: ReadonlyMap<string, string>,
): CarrierDocument[] {
  const words = properties.get('DefinitionSubstitutions').value;
  return [
    ...found(CARRIERS, type, properties).map(({ path, value }) => documentIn(path, filledIn(value, words))),
    ...found(LOCATIONS, type, properties).map(({ path, value }) => documentAt(path, value, words, files)),
    ...(isCustom(type) ? CALLS.flatMap((name) => callIn(name, properties.get(name).value)) : []),
  ];
}

function found(table: typeof CARRIERS, type: string, properties: View): Array<{ path: string; value: Json }> {
  const patterns = Object.hasOwn(table, type) ? table[type] : [];
  const places = patterns.flatMap((pattern) => properties.find(pattern));
  return places.map(({ path, view }) => ({ path, value: view.value ?? null }));
}

function documentIn(path: string, value: Json): CarrierDocument {
  const content = parsedDocument(value);
  const text = content === undefined ? (textOf(value) ?? '') : '';
  if (!/^\s*[[{]/.test(text) && !MAY_MATTER.test(text) && !beginsDeferred(text)) return { path, content };
  return { path, unread: `${path} is no JSON that can be read, and may name images: ${beginning(text)}` };
}

/** A document that lies in S3 can be read when it is a file of the assembly. */
function documentAt(
  path: string,
  location: Json,
  words: Json | undefined,
  files: ReadonlyMap<string, string>,
): CarrierDocument {
  const place = readable(textOf(location) ?? JSON.stringify(location));
  const file = files.get(/[0-9a-f]{64}/.exec(place)?.[0] ?? '');
  if (file === undefined) return { path, unread: `the document is not in this assembly: ${beginning(place)}` };
  try {
    const content = parsedDocument(filledIn(textOfFile(file), words));
    return content === undefined ? { path, unread: `${file} is no JSON, and may name images` } : { path, content };
  } catch (error) {
    return { path, unread: `the document cannot be read: ${(error as Error).message}` };
  }
}

/** A call of an API, as the custom resources of CDK make it; what others keep under these names is their own. */
function callIn(path: string, value: Json | undefined): CarrierDocument[] {
  const content = parsedDocument(value);
  if (isObject(content) && textOf(content.action) !== undefined) return [{ path, content }];
  const isCut = content === undefined && /^\s*\{/.test(textOf(value) ?? '');
  return isCut ? [documentIn(path, value ?? null)] : [];
}

/** The words stand in the text as they are, whatever they make of it. */
function filledIn(value: Json, words: Json | undefined): Json {
  if (!isObject(words)) return value;
  const text = textOf(value) ?? JSON.stringify(value);
  return text.replace(/\$\{([^}]+)\}/g, (place, name: string) => {
    const word = Object.hasOwn(words, name) ? words[name] : undefined;
    return word === undefined ? place : (textOf(word) ?? JSON.stringify(word));
  });
}

function beginning(text: string): string {
  return readable(text).trim().slice(0, 60);
}
