import { join } from 'node:path';
import type { NodejsImageProps } from '../../../lib';
import { DistrolessBase, GoImage, JavaImage, NodejsImage, PythonImage } from '../../../lib';
import { freshStack, instructions, sourceDirectory } from '../source-directory';
import { AUTHORITY } from './authority';

const SERVICE = { 'package.json': { main: 'server.js' }, 'package-lock.json': {}, 'server.js': '' };

function pem(text: string): string {
  return join(sourceDirectory({ 'company.pem': text }), 'company.pem');
}

function nodejs(props: Partial<NodejsImageProps>): string[] {
  const image = new NodejsImage(freshStack(), 'Api', { directory: sourceDirectory(SERVICE), ...props });
  return instructions(image.dockerfile);
}

describe('certificates', () => {
  test('are added to those of the base, where the runtime is told of them', () => {
    const lines = nodejs({ certificates: [pem(AUTHORITY)] });
    expect(lines).toContain(
      'COPY --from=gcr.io/distroless/nodejs24-debian13:nonroot /etc/ssl/certs/ca-certificates.crt /certificates/ca-certificates.crt',
    );
    expect(lines).toContain('COPY --from=certificates /certificates/ /etc/ssl/certs/');
    expect(lines.join('\n')).toContain('NODE_EXTRA_CA_CERTS=/etc/ssl/certs/extra-ca-certificates.crt');
  });

  test('are trusted by the builders before anything is fetched', () => {
    const files = { ...SERVICE, 'package.json': { main: 'server.js', dependencies: { fastify: '5.0.0' } } };
    const lines = nodejs({ directory: sourceDirectory(files), certificates: [pem(AUTHORITY)] });
    expect(lines[0]).toBe('FROM node:24-trixie-slim AS builder');
    expect(lines[1]).toBe('COPY .distroless/certificates /usr/local/share/ca-certificates');
    expect(lines).toContain('FROM builder AS production');
  });

  test('are told to each runtime in its own way', () => {
    const certificates = [pem(AUTHORITY)];
    const python = { 'requirements.txt': '', 'app.py': '' };
    const java = { 'pom.xml': '<project/>', 'src/main/java/app/Main.java': 'class Main {}' };
    const go = { 'go.mod': 'module example.com/api\n', 'main.go': 'package main\n' };
    const stack = freshStack();
    const images = {
      python: new PythonImage(stack, 'P', { directory: sourceDirectory(python), main: 'app.py', certificates }),
      java: new JavaImage(stack, 'J', { directory: sourceDirectory(java), mainClass: 'app.Main', certificates }),
      go: new GoImage(stack, 'G', { directory: sourceDirectory(go), certificates }),
    };
    expect(images.python.dockerfile).toContain(
      'REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt \\\n    PYTHONPATH',
    );
    expect(images.java.dockerfile).toContain('-Djavax.net.ssl.trustStore=/etc/ssl/certs/java/cacerts');
    expect(images.java.dockerfile).toContain('keytool -importcert -noprompt -cacerts');
    expect(images.go.dockerfile).toMatch(/ENV SSL_CERT_FILE=\/etc\/ssl\/certs\/ca-certificates.crt\nLABEL/);
  });

  test('are all that a program on scratch trusts', () => {
    const directory = sourceDirectory({ 'go.mod': 'module example.com/api\n', 'main.go': 'package main\n' });
    const props = { directory, base: DistrolessBase.SCRATCH, certificates: [pem(AUTHORITY)] };
    const { dockerfile } = new GoImage(freshStack(), 'Api', props);
    expect(dockerfile).not.toContain('--from=scratch');
    expect(dockerfile).toContain('COPY --from=certificates /certificates/ /etc/ssl/certs/');
  });

  test('make another image when they change', () => {
    const directory = sourceDirectory(SERVICE);
    const hash = (certificates?: string[]) =>
      new NodejsImage(freshStack(), 'Api', { directory, certificates }).asset.assetHash;
    const once = hash([pem(AUTHORITY)]);
    expect(hash([pem(`# a remark\n${AUTHORITY}`)])).toBe(once);
    expect(hash([pem(AUTHORITY + AUTHORITY)])).not.toBe(once);
    expect(hash()).not.toBe(once);
  });

  test.each([
    ['are not there', '/nowhere/company.pem', /there is no such file/],
    ['hold none', pem('hello'), /there is no certificate in it/],
    ['hold a private key', pem(`${AUTHORITY}-----BEGIN PRIVATE KEY-----`), /there is a private key in it/],
    ['are damaged', pem(AUTHORITY.replace(/M/g, 'A')), /a certificate in it cannot be read/],
  ])('fail when the files %s', (_case, file, message) => {
    expect(() => nodejs({ certificates: [file] })).toThrow(message);
  });

  test('fail on a base that has its bundle elsewhere', () => {
    const directory = sourceDirectory({ 'go.mod': 'module example.com/api\n', 'main.go': 'package main\n' });
    const base = DistrolessBase.EKS_DISTRO_MINIMAL_NONROOT;
    expect(() => new GoImage(freshStack(), 'Api', { directory, base, certificates: [pem(AUTHORITY)] })).toThrow(
      /^Web\/Api: certificates .*eks-distro.* does not have its certificates in/,
    );
  });
});
