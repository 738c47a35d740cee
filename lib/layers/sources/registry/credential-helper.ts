import { execFile } from 'node:child_process';
import type { Credentials } from './credentials';
import type { Environment } from './proxy';
import { RegistryError } from './registry-error';

/** A helper may open a browser or ask a cloud; one that takes longer is stuck. */
const TIMEOUT_MS = 60_000;

/** What helpers print, with exit code 1, when they do not know the registry (docker-credential-helpers, `credentials/error.go`). */
const NOT_FOUND = /credentials not found|no credentials (server|store)|not logged in/i;

/**
 * Asks a Docker credential helper for the login to a registry; undefined when it has none.
 *
 * The protocol: `docker-credential-NAME get`, the server on stdin, `{"Username":..., "Secret":...}` on stdout. The user name
 * `<token>` says that the secret is an identity token.
 *
 * @throws RegistryError `unauthorized` when the helper is not there or fails
 */
export async function askHelper(
  name: string,
  server: string,
  environment: Environment,
): Promise<Credentials | undefined> {
  if (!/^[\w.-]+$/.test(name)) {
    throw new RegistryError('unauthorized', `${JSON.stringify(name)} is not the name of a credential helper`);
  }
  const program = `docker-credential-${name}`;
  const answer = await run(program, server, environment);
  if (answer.failure === undefined) return parseAnswer(program, answer.output);
  if (answer.failure.code === 'ENOENT') {
    throw new RegistryError(
      'unauthorized',
      `${program}, which the Docker configuration names for ${server}, is not on the PATH`,
    );
  }
  if (NOT_FOUND.test(answer.output)) return undefined;
  throw new RegistryError(
    'unauthorized',
    `${program} failed for ${server}: ${answer.output.trim() || answer.failure.message}`,
  );
}

/** Whether a helper is installed, found by asking it for its version. */
export async function hasHelper(name: string, environment: Environment): Promise<boolean> {
  const { failure } = await run(`docker-credential-${name}`, '', environment, 'version');
  return failure?.code !== 'ENOENT';
}

interface HelperAnswer {
  /** Stdout, and after a failure stderr too: helpers complain on either. */
  readonly output: string;
  readonly failure?: { readonly code?: string | number | null; readonly message: string };
}

function run(program: string, input: string, environment: Environment, verb = 'get'): Promise<HelperAnswer> {
  return new Promise((resolve) => {
    const child = execFile(program, [verb], { env: { ...environment }, timeout: TIMEOUT_MS }, (error, stdout, stderr) =>
      resolve(error ? { output: `${stdout}${stderr}`, failure: error } : { output: stdout }),
    );
    // A helper that ends without reading its input closes the pipe; its exit code tells the story.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

function parseAnswer(program: string, output: string): Credentials | undefined {
  let answer: { Username?: unknown; Secret?: unknown };
  try {
    answer = JSON.parse(output) as typeof answer;
  } catch {
    throw new RegistryError('unauthorized', `${program} answered with something that is not JSON`);
  }
  if (typeof answer.Secret !== 'string' || answer.Secret === '') return undefined;
  if (answer.Username === '<token>') return { identityToken: answer.Secret };
  return { username: typeof answer.Username === 'string' ? answer.Username : '', password: answer.Secret };
}
