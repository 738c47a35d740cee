import { RefusedDockerfile } from './refusal';
import { isGitSource, isHttpSource } from './remote-source';

/** The settings of a COPY or ADD, their variables expanded. */
export interface CopySettings {
  readonly kind: 'copy' | 'add';
  readonly sources: readonly string[];
  readonly chmod: string;
  readonly checksum: string;
  readonly keepGitDir?: boolean;
}

const SYMBOLIC_MODE = /^[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+(?:,[ugoa]*(?:[-+=](?:[rwxXst]*|[ugo]))+)*$/;
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;

/** @throws RefusedDockerfile for modes, checksums and addresses that BuildKit does not take */
export function checkCopy(settings: CopySettings): void {
  checkMode(settings.chmod);
  if (settings.checksum !== '') checkChecksum(settings);
  for (const source of settings.sources) {
    // Asked for ADD too, because it refuses repositories whose address is wrong.
    const git = isGitSource(source);
    if (settings.kind === 'add') continue;
    if (git) throw new RefusedDockerfile("source can't be a git ref for COPY");
    if (isHttpSource(source)) throw new RefusedDockerfile("source can't be a URL for COPY");
  }
}

function checkMode(mode: string): void {
  const octal = /^[0-7]+$/.test(mode);
  if (mode === '' || (octal ? parseInt(mode, 8) <= 0o7777 : SYMBOLIC_MODE.test(mode))) return;
  throw new RefusedDockerfile(
    `invalid chmod parameter: '${mode}'. it should be octal string and between 0 and 07777, or symbolic`,
  );
}

function checkChecksum({ sources, checksum, keepGitDir }: CopySettings): void {
  if (sources.length !== 1) throw new RefusedDockerfile("checksum can't be specified for multiple sources");
  const http = isHttpSource(sources[0]) && keepGitDir === undefined;
  if (!isHttpSource(sources[0]) && !isGitSource(sources[0])) {
    throw new RefusedDockerfile('checksum requires HTTP(S) or Git sources');
  }
  if (http && !DIGEST.test(checksum)) throw new RefusedDockerfile(`invalid checksum ${checksum}`);
}
