import { BuildTool } from '../../bases/distroless-base';
import type { StageText } from '../dockerfile-text';
import { run } from '../dockerfile-text';
import type { Project } from '../project';
import type { StagedContext } from '../staged-context';
import { trustInBuilder } from './certificates';

const NAME = 'builder';

/**
 * Adds to the builders what the user wants in them: certificates that they trust, and packages of their distribution.
 *
 * Each image that stages are built from becomes a stage first, so that they share what was added. There is at least one, as the
 * first stage.
 */
export function withToolchain(
  stages: readonly StageText[],
  project: Project,
  context: StagedContext,
): readonly StageText[] {
  const instructions = [...trustInBuilder(project, context), ...install(project)];
  if (instructions.length === 0 && !needsBuilder(project)) return stages;
  const builders = buildersOf(stages, project);
  const based = stages.map((stage, index) => {
    const builder = index === stages.length - 1 ? -1 : builders.findIndex((known) => isSame(known, stage));
    return builder < 0 ? stage : { ...stage, from: nameOf(builder), platform: undefined };
  });
  const comment = 'What the program is built with.';
  return [...builders.map((builder, index) => ({ ...builder, comment, name: nameOf(index), instructions })), ...based];
}

type Builder = Pick<StageText, 'from' | 'platform'>;

/** The images that stages are built from; a plain Debian where the program is only copied. */
function buildersOf(stages: readonly StageText[], project: Project): readonly Builder[] {
  const names = stages.map(({ name }) => name);
  const builders: Builder[] = [];
  for (const { from, platform } of stages.slice(0, -1)) {
    if (names.includes(from) || builders.some((known) => isSame(known, { from, platform }))) continue;
    builders.push({ from, platform });
  }
  return builders.length > 0 ? builders : [{ from: project.image(project.base.builderImage(BuildTool.DEBIAN)) }];
}

function isSame(one: Builder, other: Builder): boolean {
  return one.from === other.from && one.platform === other.platform;
}

function nameOf(index: number): string {
  return index === 0 ? NAME : `${NAME}-${index + 1}`;
}

function needsBuilder({ props }: Project): boolean {
  return (props.sharedLibraries ?? []).length > 0;
}

/** Names of Debian's packages, with an architecture or a version: `libpq5`, `g++`, `curl=8.14.1-2`. */
const PACKAGE = /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9]+)?(=[\w.+:~-]+)?$/;

function install({ props, refusals }: Project): string[] {
  const packages = props.builderPackages ?? [];
  const odd = packages.find((name) => !PACKAGE.test(name));
  if (odd !== undefined) {
    refusals.refuse(
      'builderPackages',
      odd,
      'it is no name of a Debian package',
      'write it as apt-get install takes it',
    );
  }
  if (packages.length === 0) return [];
  return [
    run([
      'apt-get update',
      `DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages.join(' ')}`,
      'rm -rf /var/lib/apt/lists/*',
    ]),
  ];
}
