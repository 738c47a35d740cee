import { parseChallenges, type Challenge } from './challenge';
import type { Credentials } from './credentials';
import { isEcrHost } from './credentials';
import { parseObject, readBody } from './json-body';
import { RegistryError } from './registry-error';
import { transientStatus } from './status';
import { assertTrustworthy, type HttpRequest, type HttpResponse, type Transport } from './transport';

const TOKEN_LIMIT_BYTES = 1024 * 1024;
const CLIENT_ID = 'cdk-distroless';

/** Whom the login is for. */
export interface AuthorizerOptions {
  readonly transport: Transport;
  /** Host and port as in references. */
  readonly registry: string;
  readonly repository: string;
  readonly credentials: () => Promise<Credentials | undefined>;
}

/**
 * Answers a registry's challenges for one repository: basic, or a bearer token from the token service that the challenge names.
 *
 * The realm in a challenge comes from the registry and is not trusted further than the registry itself: a login goes there only over
 * https (or from loopback to loopback), and never to this machine or a metadata service.
 */
export class Authorizer {
  private header?: string;
  private pending?: Promise<string | undefined>;

  public constructor(private readonly options: AuthorizerOptions) {}

  /** The headers for the next request. */
  public headers(): Record<string, string> {
    return this.header === undefined ? {} : { authorization: this.header };
  }

  /**
   * Takes up the challenge of an answer 401; the request can then be sent again. Requests that are challenged at the same time share
   * one token.
   *
   * @param sent the Authorization that was refused; one that came in the meantime is worth a try
   * @throws RegistryError `unauthorized` when there is nothing to answer with
   */
  public async answer(response: HttpResponse, sent: string | undefined): Promise<void> {
    if (this.header !== sent) return;
    this.pending ??= this.authorization(response).finally(() => (this.pending = undefined));
    const header = await this.pending;
    if (header === undefined || (header === sent && header.startsWith('Basic ')))
      throw this.refusal(sent !== undefined);
    this.header = header;
  }

  /** The error for a registry that still says 401 or 403. */
  public refusal(loggedIn: boolean): RegistryError {
    const { registry, repository } = this.options;
    const reason = loggedIn ? 'the login was refused' : 'a login is needed and none was found';
    return new RegistryError(
      'unauthorized',
      `no access to ${registry}/${repository}: ${reason}; ${loginAdvice(registry)}`,
    );
  }

  private async authorization(response: HttpResponse): Promise<string | undefined> {
    const challenges = parseChallenges(response.headers['www-authenticate'] ?? '');
    const credentials = await this.options.credentials();
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer) return `Bearer ${await this.bearerToken(bearer, response.url, credentials)}`;
    if (challenges.some(({ scheme }) => scheme === 'basic')) return basic(credentials);
    throw new RegistryError('unauthorized', `${response.url.host} demands a login without saying which kind`);
  }

  private async bearerToken(challenge: Challenge, from: URL, credentials: Credentials | undefined): Promise<string> {
    if (credentials?.registryToken) return credentials.registryToken;
    const { realm = '' } = challenge.parameters;
    if (!URL.canParse(realm)) throw new RegistryError('malformed', `${from.host} names no token service`);
    const url = new URL(realm);
    assertTrustworthy(from, url, 'login');
    const response = await this.options.transport.send(this.tokenRequest(url, challenge, credentials));
    return this.readToken(response, credentials !== undefined);
  }

  private tokenRequest(realm: URL, challenge: Challenge, credentials: Credentials | undefined): HttpRequest {
    const fields = { scope: `repository:${this.options.repository}:pull`, ...serviceOf(challenge) };
    if (credentials?.identityToken) return refreshRequest(realm, fields, credentials.identityToken);
    const url = new URL(realm);
    for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
    const authorization = basic(credentials);
    return { method: 'GET', url, headers: authorization ? { authorization } : {} };
  }

  private async readToken(response: HttpResponse, loggedIn: boolean): Promise<string> {
    const transient = transientStatus(response);
    if (transient) throw transient;
    const body = await readBody(response, TOKEN_LIMIT_BYTES, `the token of ${response.url.host}`);
    if (response.status === 401 || response.status === 403) throw this.refusal(loggedIn);
    if (response.status !== 200) {
      throw new RegistryError('unauthorized', `the token service ${response.url.host} answered ${response.status}`);
    }
    const { token, access_token: accessToken } = parseObject(body, `the token of ${response.url.host}`);
    const found = token || accessToken;
    if (typeof found === 'string') return found;
    throw new RegistryError('malformed', `the token service ${response.url.host} sent no token`);
  }
}

function serviceOf({ parameters: { service } }: Challenge): { service?: string } {
  return service === undefined ? {} : { service };
}

/** OAuth 2, as Docker's token service takes identity tokens. */
function refreshRequest(url: URL, fields: { scope: string; service?: string }, identityToken: string): HttpRequest {
  const form = { ...fields, grant_type: 'refresh_token', refresh_token: identityToken, client_id: CLIENT_ID };
  const body = new URLSearchParams(form).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(body)),
  };
  return { method: 'POST', url, headers, body };
}

function basic(credentials: Credentials | undefined): string | undefined {
  if (credentials?.password === undefined) return undefined;
  return `Basic ${Buffer.from(`${credentials.username ?? ''}:${credentials.password}`).toString('base64')}`;
}

function loginAdvice(registry: string): string {
  if (!isEcrHost(registry)) return `run docker login ${registry === 'docker.io' ? '' : registry}`.trimEnd();
  const [, region] = /ecr(?:-fips)?\.([a-z0-9-]+)\./.exec(registry) ?? [];
  return `run aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry}`;
}
