import { RefusedDockerfile } from './refusal';

const MAX_PORT = 65_535;

/**
 * The ports of one argument of EXPOSE: `8080`, `53/udp`, `8000-8010`, and `[ip:]host:container` for historical reasons.
 *
 * @returns each as `port/protocol`
 * @throws RefusedDockerfile for what BuildKit does not take
 */
export function parsePorts(text: string): string[] {
  const parts = text.split(':');
  const [port, ...protocols] = parts[parts.length - 1].split('/');
  const protocol = protocols.join('/').toLowerCase() || 'tcp';
  if (port === '') throw new RefusedDockerfile(`no port specified: ${text}<empty>`);
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) throw new RefusedDockerfile(`invalid proto: ${protocol}`);
  const address = parts.slice(0, -2).join(':');
  if (address !== '' && !isAddress(address)) throw new RefusedDockerfile(`invalid IP address: ${address}`);
  const [start, end] = portRange(port);
  checkHostPorts(parts.length > 1 ? parts[parts.length - 2] : '', start, end);
  return Array.from({ length: end - start + 1 }, (_, index) => `${start + index}/${protocol}`);
}

function checkHostPorts(text: string, start: number, end: number): void {
  if (text === '') return;
  const [hostStart, hostEnd] = portRange(text);
  if (end - start !== hostEnd - hostStart && end !== start) {
    throw new RefusedDockerfile(`invalid ranges specified for container and host ports: ${start}-${end} and ${text}`);
  }
}

function portRange(text: string): [start: number, end: number] {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  const start = Number(match?.[1]);
  const end = Number(match?.[2] ?? match?.[1]);
  if (match === null || end > MAX_PORT || start > end) throw new RefusedDockerfile(`invalid port: ${text}`);
  return [start, end];
}

function isAddress(text: string): boolean {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(bare)) return bare.split('.').every((part) => Number(part) <= 255);
  return /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(bare);
}
