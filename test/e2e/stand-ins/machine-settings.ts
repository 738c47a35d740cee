import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from './commands';

/**
 * What this machine's package clients are told: proxies, mirrors, certificates. The builder images get the same, so that
 * a build reaches what the machine reaches. None of it is written anywhere but into the stand-ins on this machine.
 */
export interface MachineSettings {
  readonly env: readonly string[];
  /** Certificates that the machine trusts; undefined when it keeps none in the usual place. */
  readonly certificates?: string;
  /** Configuration files: where they go in an image, and what they say. */
  readonly files: ReadonlyArray<{ readonly path: string; readonly content: string }>;
}

/** Where every Debian keeps its certificate bundle, and so where the stand-ins have it. */
export const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);

const CLIENT_SETTINGS = (
  'npm_config_registry NPM_CONFIG_REGISTRY COREPACK_NPM_REGISTRY COREPACK_INTEGRITY_KEYS YARN_REGISTRY YARN_NPM_REGISTRY_SERVER ' +
  'PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_DEFAULT_TIMEOUT UV_INDEX_URL UV_DEFAULT_INDEX ' +
  'GOPROXY GOSUMDB GONOSUMDB GOINSECURE MAVEN_ARGS MAVEN_OPTS'
).split(' ');

/** The variables by which tools are told of a certificate bundle that is not their own. */
const BUNDLE_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'npm_config_cafile',
  'SSL_CERT_FILE',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'CARGO_HTTP_CAINFO',
];

const CONFIGURATION_FILES = [
  { from: '.m2/settings.xml', to: 'root/.m2/settings.xml' },
  { from: '.cargo/config.toml', to: 'usr/local/cargo/config.toml' },
];

export async function machineSettings(): Promise<MachineSettings> {
  const variables = [...PROXIES, ...CLIENT_SETTINGS].filter((name) => process.env[name]);
  return {
    env: [
      ...variables.map((name) => `${name}=${process.env[name]}`),
      ...(await configuredMirrors()),
      ...BUNDLE_VARIABLES.map((name) => `${name}=${BUNDLE}`),
    ],
    certificates: existsSync(BUNDLE) ? readFileSync(BUNDLE, 'utf8') : undefined,
    files: CONFIGURATION_FILES.flatMap(({ from, to }) => {
      const path = join(homedir(), from);
      return existsSync(path) ? [{ path: to, content: readFileSync(path, 'utf8') }] : [];
    }),
  };
}

/** Mirrors that stand in a client's own configuration instead of the environment. */
async function configuredMirrors(): Promise<string[]> {
  const questions: Array<[variable: string, client: string, args: string[], usual: string]> = [
    ['npm_config_registry', 'npm', ['config', 'get', 'registry'], 'https://registry.npmjs.org/'],
    ['PIP_INDEX_URL', 'pip', ['config', 'get', 'global.index-url'], ''],
    ['GOPROXY', 'go', ['env', 'GOPROXY'], 'https://proxy.golang.org,direct'],
    ['GOSUMDB', 'go', ['env', 'GOSUMDB'], 'sum.golang.org'],
  ];
  const answers = await Promise.all(
    questions.map(async ([variable, client, args, usual]) => {
      const answer = await text(client, args).then(
        (printed) => printed.trim(),
        () => '', // the client is not installed, or has no such setting
      );
      return answer && answer !== usual && !process.env[variable] ? [`${variable}=${answer}`] : [];
    }),
  );
  return answers.flat();
}
