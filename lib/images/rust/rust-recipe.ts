import { posix } from 'node:path';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { BaseLibc, BuildTool } from '../../bases/distroless-base';
import { checkBuilder } from '../builder-fit';
import { buildArguments, secretMounts } from '../build-inputs';
import { cacheMount, copy, fileCopy, run, shellWord } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { RustImageProps } from './rust-image';

const APP = '/app';

/** Where the program lies in the image. */
const PROGRAM = '/app/main';

const SECRETS = { 'credentials.toml': '/usr/local/cargo/credentials.toml', netrc: '/root/.netrc' };

const EXCLUDE = ['**/target', 'benches', 'tests', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'];

/** How a Rust program becomes an image. */
export function rustRecipe(project: Project, props: RustImageProps): Recipe {
  checkBuilder(project, BuildTool.RUST);
  const manifest = project.read('Cargo.toml', 'give the directory of the package or workspace');
  project.read('Cargo.lock', 'make one with cargo generate-lockfile, and commit it');
  const binary = props.binary ?? props.package ?? packageName(manifest);
  if (binary === undefined) {
    project.refusals.refuse(
      'binary',
      undefined,
      'Cargo.toml is that of a workspace',
      'name the binary, and its package',
    );
  }
  const build = { project, props, binary, manifest, target: staticTarget(project) };
  return { exclude: EXCLUDE, render: () => [buildStage(build), finalStage(project, props)] };
}

interface RustPlan {
  readonly project: Project;
  readonly props: RustImageProps;
  readonly binary: string;
  /** Text of Cargo.toml. */
  readonly manifest: string;
  /** Set when the program is linked statically. */
  readonly target?: string;
}

function packageName(manifest: string): string | undefined {
  return /^\[package\][^[]*?^name\s*=\s*"([^"]+)"/ms.exec(manifest)?.[1];
}

function buildStage(plan: RustPlan): StageText {
  const { project, binary, target } = plan;
  const output = posix.join('target', target ?? '', 'release', binary);
  return {
    comment: 'The program.',
    from: project.builder(BuildTool.RUST),
    name: 'build',
    instructions: [
      'WORKDIR /src',
      ...(target === undefined ? [] : [run([`rustup target add ${target}`])]),
      ...dependencies(plan),
      'COPY . .',
      ...buildArguments(project),
      // Cargo goes by times: the sources must be newer than what the stand-in for them was compiled at.
      run(
        [
          "find . -name '*.rs' -not -path './target/*' -exec touch {} +",
          cargoBuild(plan),
          `mkdir -p ${APP}`,
          `cp ${shellWord(output)} ${PROGRAM}`,
        ],
        mounts(project),
      ),
    ],
  };
}

/**
 * Compiles the dependencies before the sources are there, with a program that does nothing in their place.
 *
 * Only for packages of the usual layout. A cache mount of `target` would serve the others too, but all builds on a machine share it,
 * and Cargo, which goes by times, could take the program of one for that of another.
 */
function dependencies(plan: RustPlan): string[] {
  const unusual =
    /^\[(workspace|lib|\[bin\]|patch)|^build\s*=|\bpath\s*=/m.test(plan.manifest) || plan.project.has('build.rs');
  if (unusual || !plan.project.has('src/main.rs')) return [];
  return [
    copy(['Cargo.toml', 'Cargo.lock'], './'),
    run(['mkdir src', "echo 'fn main() {}' > src/main.rs", cargoBuild(plan), 'rm -r src'], mounts(plan.project)),
  ];
}

function mounts(project: Project): string[] {
  return [cacheMount('/usr/local/cargo/registry'), ...secretMounts(project, SECRETS)];
}

/** A base without a C library runs what is linked against musl, statically. */
function staticTarget({ base, architecture }: Project): string | undefined {
  if (base.libc === BaseLibc.GLIBC) return undefined;
  const arm = architecture._cpuArchitecture === CpuArchitecture.ARM64._cpuArchitecture;
  return `${arm ? 'aarch64' : 'x86_64'}-unknown-linux-musl`;
}

function cargoBuild({ props, binary, target }: RustPlan): string {
  const options = [
    ...(props.package === undefined ? [] : ['--package', shellWord(props.package)]),
    ...['--bin', shellWord(binary)],
    ...(props.features === undefined ? [] : ['--features', shellWord(props.features.join(','))]),
    ...(target === undefined ? [] : ['--target', target]),
  ];
  return `CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release --locked ${options.join(' ')}`;
}

function finalStage(project: Project, props: RustImageProps): StageText {
  const extraFiles = (props.extraFiles ?? []).map((path) => fileCopy([path], posix.join(APP, path)));
  return runtimeStage(project, {
    files: [fileCopy([PROGRAM], PROGRAM, 'build'), ...extraFiles],
    workdir: APP,
    entrypoint: [PROGRAM],
    cmd: props.args,
  });
}
