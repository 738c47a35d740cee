import { readFileSync } from 'node:fs';
import { type Builder, PATH } from './builder';

const HOME = '/usr/local/cargo';

/**
 * `rust:1-trixie`: Debian's compiler under the official image's names; there is no rustup. The newer of Debian's two, which it has for
 * its browsers: the official image has the current one, and what is published wants it.
 */
export function rustBuilder(): Builder {
  return {
    reference: 'rust:1-trixie',
    packages: ['ca-certificates', 'cargo-web', 'gcc', 'git', 'libc6-dev', 'make', 'pkg-config', 'rustc-web'],
    ingredients: [readFileSync(__filename, 'utf8')],
    arrange: (tree) => {
      for (const tool of ['cargo', 'rustc', 'rustdoc']) tree.link(`${HOME}/bin/${tool}`, `/usr/bin/${tool}`);
      tree.link('usr/bin/cc', 'gcc');
    },
    config: { Env: [`PATH=${HOME}/bin:${PATH}`, `CARGO_HOME=${HOME}`, 'RUSTUP_HOME=/usr/local/rustup'], Cmd: ['bash'] },
  };
}
