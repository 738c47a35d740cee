import { posix } from 'node:path';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { BaseLibc, BuildTool } from '../../bases/distroless-base';
import { checkBuilder } from '../builder-fit';
import { buildArguments, secretMounts } from '../build-inputs';
import { cacheMount, fileCopy, run, shellWord } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import { compileDependencies, copyManifests } from './cargo-dependencies';
import type { CargoManifest } from './cargo-manifest';
import { readCargoManifest } from './cargo-manifest';
import type { CargoTarget } from './cargo-program';
import { targetOf } from './cargo-program';
import type { RustImageProps } from './rust-image';

const APP = '/app';

/** Where the program lies in the image. */
const PROGRAM = '/app/main';

const SECRETS = { 'credentials.toml': '/usr/local/cargo/credentials.toml', netrc: '/root/.netrc' };

/** Sources of programs that no image has; Cargo wants them all the same when Cargo.toml names them. */
const UNUSED = { benches: '[[bench]]', tests: '[[test]]' };

interface RustPlan {
  readonly project: Project;
  readonly props: RustImageProps;
  readonly manifests: readonly CargoManifest[];
  readonly program: CargoTarget;
  /** Set when the program is linked statically. */
  readonly target?: string;
}

/** How a Rust program becomes an image. */
export function rustRecipe(project: Project, props: RustImageProps): Recipe {
  checkBuilder(project, BuildTool.RUST);
  const manifest = project.read('Cargo.toml', 'give the directory of the package or workspace');
  project.read('Cargo.lock', 'make one with cargo generate-lockfile, and commit it');
  const unused = Object.entries(UNUSED).filter(([, header]) => !manifest.includes(header));
  return {
    exclude: ['**/target', ...unused.map(([folder]) => folder)],
    manifests: ['Cargo.toml', 'Cargo.lock'],
    isCompiled: true,
    probeCompiler: 'gcc',
    render: (context) => renderStages(project, props, context),
  };
}

function renderStages(project: Project, props: RustImageProps, context: StagedContext): StageText[] {
  const manifests = readManifests(project, context);
  const program = targetOf(project, props, manifests, context.files());
  checkCompiler(project, program.manifest);
  const plan = { project, props, manifests, program, target: staticTarget(project) };
  return [buildStage(plan, context), finalStage(project, props)];
}

/** Builders that are named by no minor version have the newest compiler. */
function checkCompiler(project: Project, { directory, rustVersion }: CargoManifest): void {
  const builder = project.builderReference(BuildTool.RUST);
  const available = /(?:^|\/)rust:1\.(\d+)/.exec(builder)?.[1];
  const wanted = /^1\.(\d+)/.exec(rustVersion ?? '')?.[1];
  if (wanted === undefined || available === undefined || Number(wanted) <= Number(available)) return;
  project.refuseDirectory(
    `${posix.join(directory, 'Cargo.toml')} wants Rust 1.${wanted}, and the builder ${builder} has 1.${available}`,
    `set builder to a rust:1.${wanted} image of the same release`,
  );
}

/** That of the directory first. */
function readManifests(project: Project, context: StagedContext): CargoManifest[] {
  const isManifest = (path: string) => /^(?!vendor\/)(.*\/)?Cargo\.toml$/.test(path);
  const paths = context.files().filter(isManifest);
  const inOrder = ['Cargo.toml', ...paths.filter((path) => path !== 'Cargo.toml')];
  return inOrder.map((path) => readCargoManifest(path, project.tryRead(path) ?? ''));
}

function buildStage(plan: RustPlan, context: StagedContext): StageText {
  const { project, manifests, program, target } = plan;
  const build = cargoBuild(plan);
  return {
    comment: 'The program.',
    from: project.builder(BuildTool.RUST),
    name: 'build',
    instructions: [
      'WORKDIR /src',
      ...musl(plan),
      ...copyManifests(manifests, context),
      ...(target === undefined ? [] : [run([addTarget(target)])]),
      compileDependencies(manifests, context, build, mounts(project)),
      'COPY . .',
      ...buildArguments(project),
      // Cargo goes by times: the sources must be newer than what the stand-ins for them were compiled at.
      run(
        [
          "find . -name '*.rs' -not -path './target/*' -exec touch {} +",
          build,
          `mkdir -p ${APP}`,
          `cp ${shellWord(posix.join('target', target ?? '', 'release', program.name))} ${PROGRAM}`,
        ],
        mounts(project),
      ),
    ],
  };
}

/** Crates that compile C want a compiler for musl, which the official builder lacks; the others get along with Rust's own. */
function musl({ project, target }: RustPlan): string[] {
  const compilesC = /^name = "(cc|cmake)"$/m.test(project.tryRead('Cargo.lock') ?? '');
  if (target === undefined || !compilesC) return [];
  const install = 'apt-get update && apt-get install --yes --no-install-recommends musl-tools';
  return [run([`(command -v musl-gcc || (${install}))`])];
}

/** A builder without rustup must bring the target. */
function addTarget(target: string): string {
  return `if command -v rustup; then rustup target add ${target}; fi`;
}

function mounts(project: Project): string[] {
  const fromGit = (project.tryRead('Cargo.lock') ?? '').includes('"git+');
  const folders = ['registry', ...(fromGit ? ['git'] : [])];
  // Cargo's own lock lies beside these folders, so that it does not keep two builds apart.
  const caches = folders.map((folder) => cacheMount(`/usr/local/cargo/${folder}`, 'locked'));
  return [...caches, ...secretMounts(project, SECRETS)];
}

/** A base without a C library runs what is linked against musl, statically. */
function staticTarget({ base, architecture }: Project): string | undefined {
  if (base.libc === BaseLibc.GLIBC) return undefined;
  const arm = architecture._cpuArchitecture === CpuArchitecture.ARM64._cpuArchitecture;
  return `${arm ? 'aarch64' : 'x86_64'}-unknown-linux-musl`;
}

function cargoBuild({ props, manifests, program, target }: RustPlan): string {
  const { name, manifest } = program;
  const options = [
    ...(manifest === manifests[0] ? [] : ['--package', shellWord(manifest.package ?? name)]),
    ...['--bin', shellWord(name)],
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
