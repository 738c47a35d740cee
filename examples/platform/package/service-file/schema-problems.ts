import type { ErrorObject } from 'ajv';
import Ajv from 'ajv';
import schema from '../services.schema.json';
import type { Problem } from './yaml-text';

/** What of the data is not as the schema has it, in words. */
export function schemaProblems(data: unknown): Problem[] {
  const validate = new Ajv({ allErrors: true, discriminator: true, verbose: true }).compile(schema);
  validate(data);
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'propertyNames').map(problem);
}

function problem(error: ErrorObject): Problem {
  const path = error.instancePath.split('/').slice(1).map(unescaped);
  const { keyword, params, data } = error as ErrorObject<string, Record<string, unknown>>;
  switch (keyword) {
    case 'additionalProperties':
      return { path: [...path, String(params.additionalProperty)], message: `is not known; known are ${known(error)}` };
    case 'discriminator':
      return { path: [...path, String(params.tag)], message: `${shown(params.tagValue)} is none of ${tags(error)}` };
    case 'enum':
      return { path, message: `${shown(data)} is none of ${(params.allowedValues as string[]).join(', ')}` };
    case 'pattern':
      return {
        path: error.propertyName ? [...path, error.propertyName] : path,
        message: `${shown(data)} is not ${described(error)}`,
      };
    case 'required':
      return { path, message: `${String(params.missingProperty)} is missing` };
    case 'type':
      return { path, message: `${shown(data)} is not of type ${String(params.type)}` };
    default:
      return { path, message: error.message ?? keyword };
  }
}

/** JSON pointers spell `~` and `/` as `~0` and `~1`. */
function unescaped(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? 'nothing');
}

function known(error: ErrorObject): string {
  return Object.keys((error.parentSchema?.properties ?? {}) as object).join(', ');
}

function described(error: ErrorObject): string {
  return String(error.parentSchema?.description ?? error.message);
}

/** The values that choose among alternatives; each is a reference to a definition of that name. */
function tags(error: ErrorObject): string {
  const alternatives = error.parentSchema?.oneOf as Array<{ readonly $ref: string }>;
  return alternatives.map(({ $ref }) => $ref.replace('#/definitions/', '')).join(', ');
}
