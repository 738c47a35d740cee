import Ajv from 'ajv';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { JsonDocument } from '../evidence/json-document';
import { memberPointer } from '../evidence/json-parser';
import type { DistrolessPolicy } from '../policy/distroless-policy';
import { Policy } from '../policy/policy';
import { policyProblems } from '../policy/policy-problems';
import schema from './distroless.config.schema.json';
import { UsageError } from './usage-error';

/** The name that a policy file has beside `cdk.json`. */
export const POLICY_FILE_NAME = 'distroless.config.json';

type PolicyDocument = DistrolessPolicy & { readonly $schema?: string };

/**
 * Reads the policy of a project.
 *
 * @param given the file that the command line names; else the one in the directory is read, and without one the default policy holds
 * @throws JsonDocumentError with file and line of what is not in order
 */
export function readPolicy(given: string | undefined, directory: string): Policy {
  const path = given === undefined ? join(directory, POLICY_FILE_NAME) : resolve(directory, given);
  if (!existsSync(path)) {
    if (given !== undefined) throw new UsageError(`there is no policy file ${given}`);
    return Policy.DEFAULT;
  }
  return parsePolicy(readFileSync(path, 'utf8'), given ?? POLICY_FILE_NAME);
}

/** Reads the text of a policy file. */
export function parsePolicy(text: string, file: string): Policy {
  const document = JsonDocument.parse(text, file);
  const policy = document.validated(new Ajv().compile<PolicyDocument>(schema));
  const [problem] = policyProblems(policy);
  if (problem) {
    const pointer = problem.path.reduce<string>(memberPointer, '');
    throw document.errorAt(pointer, `${pointer || 'the document'} ${problem.message}`);
  }
  return Policy.from(policy);
}
