import { BuildTool } from '../../bases/distroless-base';
import type { FileCopy, StageText } from '../dockerfile-text';
import { copy, fileCopy, run } from '../dockerfile-text';
import type { Project } from '../project';

/** Where the files of an image are put together; each copy of its own has a folder there. */
const TREE = '/image';

/**
 * Gives all files of an image one time, and the directories that they are in as well.
 *
 * COPY keeps the times of what it copies, but makes the directories on the way to its destination anew, and changes the time of the
 * one that it copies into. So each copy takes a whole tree from a stage in which everything has its time already. There is one such
 * stage for each stage that files come from, so that a change of the program leaves the dependencies alone.
 */
export function withSourceDateEpoch(stages: readonly StageText[], project: Project): readonly StageText[] {
  const { sourceDateEpoch } = project.props;
  if (sourceDateEpoch === undefined) return stages;
  const image = stages[stages.length - 1];
  const files = image.files ?? [];
  const origins = [...new Set(files.map(({ from }) => from))];
  const { from, platform } = stages.length > 1 ? stages[0] : plainBuilder(project);
  const trees = origins.map((origin): StageText => {
    const copies = files.filter((file) => file.from === origin);
    const touch = `find ${TREE} -exec touch --no-dereference --date=@${sourceDateEpoch} {} +`;
    const instructions = [...copies.map((file) => intoTree(file, files.indexOf(file))), run([touch])];
    return { comment: 'Files of the image, all of one time.', from, platform, name: nameOf(origin), instructions };
  });
  const dated = files.map((file, index) => fileCopy([`${TREE}/${index}/`], '/', nameOf(file.from)));
  return [...stages.slice(0, -1), ...trees, { ...image, files: dated }];
}

function plainBuilder(project: Project): Pick<StageText, 'from' | 'platform'> {
  return { from: project.image(project.base.builderImage(BuildTool.DEBIAN)), platform: '$BUILDPLATFORM' };
}

function intoTree({ sources, destination, from }: FileCopy, index: number): string {
  return copy(sources, `${TREE}/${index}${destination}`, from);
}

function nameOf(origin = 'context'): string {
  return `${origin}-files`;
}
