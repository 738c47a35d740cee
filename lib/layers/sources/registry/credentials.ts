import { askHelper, hasHelper } from './credential-helper';
import { readDockerConfigs, type AuthEntry, type DockerConfig } from './docker-config';
import type { Environment } from './proxy';

/** A login to a registry. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  /** Exchanged for access tokens at the token service, in place of a password. */
  readonly identityToken?: string;
  /** Sent to the registry as it is. */
  readonly registryToken?: string;
}

/** The key under which Docker has kept Docker Hub's login since its first version. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

const ECR_HOST = /^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|on\.aws)$/;

/** Whether a host is a private Amazon ECR registry, which never answers without a login. */
export function isEcrHost(host: string): boolean {
  return ECR_HOST.test(host);
}

/**
 * Finds logins where Docker, Podman and their helpers keep them. Of each file, in this order: the helper of the registry, the helper
 * for all, the login written down. An ECR registry that no file knows is asked of `docker-credential-ecr-login` when that is installed.
 */
export class CredentialStore {
  private configs?: readonly DockerConfig[];
  private readonly found = new Map<string, Promise<Credentials | undefined>>();

  public constructor(private readonly environment: Environment) {}

  /**
   * The login for a repository; undefined when there is none.
   *
   * @param registry host and port as in references: `docker.io`, `localhost:5000`
   */
  public find(registry: string, repository: string): Promise<Credentials | undefined> {
    const key = `${registry}/${repository}`;
    const found = this.found.get(key) ?? this.search(registry, repository);
    this.found.set(key, found);
    return found;
  }

  private async search(registry: string, repository: string): Promise<Credentials | undefined> {
    this.configs ??= readDockerConfigs(this.environment);
    for (const config of this.configs) {
      const credentials = await this.searchConfig(config, registry, repository);
      if (credentials) return credentials;
    }
    return isEcrHost(registry) && (await hasHelper('ecr-login', this.environment))
      ? askHelper('ecr-login', registry, this.environment)
      : undefined;
  }

  private async searchConfig(
    config: DockerConfig,
    registry: string,
    repository: string,
  ): Promise<Credentials | undefined> {
    const helper = config.credHelpers[registry] ?? config.credsStore;
    const helped = helper && (await askHelper(helper, serverName(registry), this.environment));
    return helped || readEntry(matchingEntry(config.auths, registry, repository));
  }
}

function serverName(registry: string): string {
  return registry === 'docker.io' ? DOCKER_HUB_KEY : registry;
}

/** The most specific entry: Podman's keys may name a repository, Docker's may be URLs. */
function matchingEntry(
  auths: Readonly<Record<string, AuthEntry>>,
  registry: string,
  repository: string,
): AuthEntry | undefined {
  const path = `${registry}/${repository}`;
  const matches = Object.keys(auths)
    .map((key) => ({ key, place: keyPlace(key) }))
    .filter(({ place }) => path === place || path.startsWith(`${place}/`))
    .sort((a, b) => b.place.length - a.place.length);
  return matches.length === 0 ? undefined : auths[matches[0].key];
}

/** `https://index.docker.io/v1/` -> `docker.io`; `https://host/v2/` -> `host`. */
function keyPlace(key: string): string {
  const place = key.replace(/^https?:\/\//, '').replace(/\/(v[12]\/?)?$/, '');
  return place.replace(/^(index|registry-1)\.docker\.io(?=\/|$)/, 'docker.io');
}

function readEntry(entry: AuthEntry | undefined): Credentials | undefined {
  if (!entry) return undefined;
  if (entry.registrytoken) return { registryToken: entry.registrytoken };
  if (entry.identitytoken) return { identityToken: entry.identitytoken };
  if (entry.username && entry.password) return { username: entry.username, password: entry.password };
  return entry.auth ? decodeLogin(entry.auth) : undefined;
}

function decodeLogin(encoded: string): Credentials | undefined {
  const login = Buffer.from(encoded, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = login.indexOf(':');
  return colon < 0 ? undefined : { username: login.slice(0, colon), password: login.slice(colon + 1) };
}
