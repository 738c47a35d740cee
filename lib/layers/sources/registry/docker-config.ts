import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './proxy';
import { RegistryError } from './registry-error';

/** The parts of Docker's `config.json` (and of Podman's `auth.json`) that tell how to log in. */
export interface DockerConfig {
  /** Where it was read, for messages. */
  readonly origin: string;
  readonly auths: Readonly<Record<string, AuthEntry>>;
  /** Registry host to the name of the helper that knows its login. */
  readonly credHelpers: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

export interface AuthEntry {
  /** `user:password` in base64. */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

/**
 * The login files in the order in which they are asked: `DOCKER_AUTH_CONFIG` (the text itself, as GitLab and Docker take it), Docker's
 * own file, then those of the containers tools (containers-auth.json(5)).
 */
export function readDockerConfigs(environment: Environment): DockerConfig[] {
  const inline = environment.DOCKER_AUTH_CONFIG;
  const configs = inline ? [parseConfig(inline, 'DOCKER_AUTH_CONFIG')] : [];
  return [...configs, ...configPaths(environment).flatMap(readConfig)];
}

function configPaths(environment: Environment): string[] {
  const home = environment.HOME ?? environment.USERPROFILE ?? homedir();
  const { DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = environment;
  return [
    join(DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
    ...(REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : []),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'containers', 'auth.json')] : []),
    join(XDG_CONFIG_HOME || join(home, '.config'), 'containers', 'auth.json'),
  ];
}

function readConfig(path: string): DockerConfig[] {
  try {
    return [parseConfig(readFileSync(path, 'utf8'), path)];
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    return [];
  }
}

/** The parser's own message is left out: it quotes the text, and the text holds passwords. */
function parseConfig(text: string, origin: string): DockerConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RegistryError('malformed', `${origin} is not JSON; repair it or log in again with docker login`);
  }
  const config = recordOf(json);
  return {
    origin,
    auths: recordOf(config.auths) as Record<string, AuthEntry>,
    credHelpers: recordOf(config.credHelpers) as Record<string, string>,
    credsStore: typeof config.credsStore === 'string' && config.credsStore !== '' ? config.credsStore : undefined,
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
