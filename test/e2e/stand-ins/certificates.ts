import { createHash, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The password that every Java runtime expects of its trust store. */
const PASSWORD = 'changeit';

const MAGIC = 0xfe_ed_fe_ed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;

/** The bundle that the maintainer script of Debian's ca-certificates, unpacked here, would make. */
export function mozillaBundle(root: string): string {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  const names = readdirSync(folder).sort();
  return names.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
}

/**
 * A Java key store (JKS) that trusts a PEM bundle's certificates. Debian's packages make theirs in a maintainer script,
 * distroless' build by a program; this is the same file without either.
 */
export function javaTrustStore(bundle: string): Buffer {
  const certificates = [...bundle.matchAll(PEM)].map(([pem]) => new X509Certificate(pem).raw);
  const entries = certificates.map((certificate, index) =>
    Buffer.concat([
      int32(TRUSTED_CERTIFICATE),
      utf(`certificate-${index}`),
      Buffer.alloc(8),
      utf('X.509'),
      int32(certificate.length),
      certificate,
    ]),
  );
  const store = Buffer.concat([int32(MAGIC), int32(VERSION), int32(certificates.length), ...entries]);
  return Buffer.concat([store, seal(store)]);
}

/** The format's keyed digest: password in UTF-16, a fixed phrase, the content. */
function seal(store: Buffer): Buffer {
  const password = Buffer.from(PASSWORD, 'utf16le').swap16();
  return createHash('sha1').update(password).update('Mighty Aphrodite').update(store).digest();
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function utf(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
