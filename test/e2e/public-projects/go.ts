import { GoImage, HealthProbe } from '../../../lib';
import type { PublicProject } from './public-project';
import { sourceDateEpoch } from './public-project';

const client = 'golang:1.26-trixie';

/** The sources of a module, as the proxy has them; Go checks them against its checksum database. */
function module(name: string, version: string): string[] {
  return [`go mod download ${name}@${version}`, `cp -r /go/pkg/mod/${escaped(name)}@${version}/. .`, 'chmod -R u+w .'];
}

/** The module cache is made for file systems that know no capital letters. */
function escaped(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

export const GO_PROJECTS: readonly PublicProject[] = [
  {
    name: 'go-httpbin',
    client,
    fetch: module('github.com/mccutchen/go-httpbin/v2', 'v2.26.0'),
    integrity: '8d2fa6d1625ba3a74be56005ea0439fc3b2d7fe469e54d7a6cc7e1c5ff9b13b3',
    image: (stack, name, directory) =>
      new GoImage(stack, name, { directory, main: './cmd/go-httpbin', healthProbe: true, sourceDateEpoch }),
    healthProbe: HealthProbe.http({ path: '/status/200' }),
    path: '/get?seen=1',
    answer: /"seen": \[\s*"1"/,
  },
];
