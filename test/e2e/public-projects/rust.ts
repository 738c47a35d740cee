import { HealthProbe, RustImage } from '../../../lib';
import type { PublicProject } from './public-project';
import { sourceDateEpoch } from './public-project';

const client = 'rust:1-trixie';

/** The files of a crate; Cargo downloads it to look into it, and checks it against the index. */
function crate(name: string, version: string): string[] {
  return [
    `cargo info --quiet ${name}@${version} > /dev/null`,
    `cp -r /usr/local/cargo/registry/src/*/${name}-${version}/. .`,
    'rm .cargo-ok',
  ];
}

export const RUST_PROJECTS: readonly PublicProject[] = [
  {
    name: 'simple-http-server',
    client,
    fetch: crate('simple-http-server', '0.8.1'),
    integrity: '4af7bfd3f1342280da73325dc0c75f6451c67613caa0da852dc97d29e6d03470',
    image: (stack, name, directory) =>
      new RustImage(stack, name, {
        directory,
        args: ['--port', '8080', '/app'],
        healthProbe: true,
        sourceDateEpoch,
      }),
    healthProbe: HealthProbe.http({ path: '/' }),
    path: '/',
    builtOnce: 'its 95 crates take minutes; the layers were the same when they were compared by hand',
    answer: /main/,
  },
];
