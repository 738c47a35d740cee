import { BlockList, isIP } from 'node:net';

/** Addresses that mean "this machine" or "the cloud's metadata service", and so are never where a registry on the internet may send us. */
const LOCAL = new BlockList();
LOCAL.addSubnet('127.0.0.0', 8);
LOCAL.addSubnet('169.254.0.0', 16);
LOCAL.addAddress('0.0.0.0');
LOCAL.addAddress('::1', 'ipv6');
LOCAL.addAddress('::', 'ipv6');
LOCAL.addSubnet('fe80::', 10, 'ipv6');
LOCAL.addAddress('fd00:ec2::254', 'ipv6');

/** Whether a host name or address literal means this machine. Plain http is used for these hosts, and for no other. */
export function isLoopback(hostname: string): boolean {
  const bare = bareHost(hostname);
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true;
  return bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** Whether a host is this machine or a link-local address, such as that of a metadata service. Names are not resolved. */
export function isLocal(hostname: string): boolean {
  const bare = bareHost(hostname);
  const family = isIP(bare);
  if (family === 0) return isLoopback(bare);
  return LOCAL.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

/** A host as `URL` gives it, without the brackets of IPv6 and a trailing dot, in lower case. */
export function bareHost(hostname: string): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}
