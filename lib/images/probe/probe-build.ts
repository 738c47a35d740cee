import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BaseRuntime, BuildTool } from '../../bases/distroless-base';
import type { StageText } from '../dockerfile-text';
import { cacheMount, copy, fileCopy, run } from '../dockerfile-text';
import { javaCommand } from '../java/java-runtime';
import type { Project } from '../project';
import type { StagedContext } from '../staged-context';

/** What the builder image of a language can compile the probe with. */
export type ProbeCompiler = 'go' | 'gcc' | 'javac';

/** A Dockerfile with a health probe in its last stage. */
export interface ProbedStages {
  readonly stages: readonly StageText[];
  /** The command that probes, without its arguments; undefined where the base's interpreter does. */
  readonly command?: string[];
}

interface ProbeStage {
  /** File beside this one. */
  readonly source: string;
  readonly stage: Pick<StageText, 'from' | 'platform'>;
  /** Instructions that compile the copied source into `/out`. */
  readonly compile: readonly string[];
  readonly command: string[];
}

const STAGE = 'healthprobe';
const FOLDER = '/healthprobe';

/** Where the source lies in the context: in a folder of ours, which no language takes for its own. */
const CONTEXT_FOLDER = '.distroless';

/**
 * Adds the stage that compiles the probe, and brings the probe into the image.
 *
 * In a stage of its own, before the others: it is built once, whatever changes in the sources of the app.
 */
export function withProbe(
  stages: readonly StageText[],
  project: Project,
  context: StagedContext,
  compiler: ProbeCompiler | undefined,
): ProbedStages {
  if ([BaseRuntime.NODEJS, BaseRuntime.PYTHON].includes(project.base.runtime)) return { stages };
  const probe = probeStage(stages[0], project, compiler);
  context.write(`${CONTEXT_FOLDER}/${probe.source}`, readFileSync(join(__dirname, probe.source), 'utf8'));
  const last = stages.length - 1;
  return {
    stages: [builderOf(probe), ...stages.slice(0, last), withCopy(stages[last])],
    command: probe.command,
  };
}

function builderOf(probe: ProbeStage): StageText {
  return {
    comment: 'The health probe.',
    ...probe.stage,
    name: STAGE,
    instructions: ['WORKDIR /out', copy([`${CONTEXT_FOLDER}/${probe.source}`], '/src/'), ...probe.compile],
  };
}

function withCopy(image: StageText): StageText {
  return { ...image, files: [fileCopy(['/out/'], `${FOLDER}/`, STAGE), ...(image.files ?? [])] };
}

function probeStage(builder: StageText, project: Project, compiler: ProbeCompiler | undefined): ProbeStage {
  switch (compiler) {
    case 'javac':
      return [BaseRuntime.JAVA, BaseRuntime.JAVA_LIBRARIES].includes(project.base.runtime)
        ? javaProbe(builder.from, project)
        : goProbe(goBuilder(project));
    case 'gcc':
      return cProbe(builder.from);
    case 'go':
      return goProbe(builder.from);
    case undefined:
      return goProbe(goBuilder(project));
  }
}

function goBuilder(project: Project): string {
  return project.image(project.base.builderImage(BuildTool.GO));
}

function goProbe(from: string): ProbeStage {
  const build =
    'CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /out/probe /src/probe.go';
  return {
    source: 'probe.go',
    stage: { from, platform: '$BUILDPLATFORM' },
    compile: ['ARG TARGETOS', 'ARG TARGETARCH', run([build], [cacheMount('/root/.cache/go-build')])],
    command: [`${FOLDER}/probe`],
  };
}

function cProbe(from: string): ProbeStage {
  return {
    source: 'probe.c',
    stage: { from },
    compile: [run(['gcc -Os -static -s -o /out/probe /src/probe.c'])],
    command: [`${FOLDER}/probe`],
  };
}

function javaProbe(from: string, project: Project): ProbeStage {
  return {
    source: 'HealthProbe.java',
    stage: { from, platform: '$BUILDPLATFORM' },
    compile: [run(['javac --release 17 -XDstringConcat=inline -d /out /src/HealthProbe.java'])],
    // The small heap wins over what JAVA_TOOL_OPTIONS says for the app; the collector is left to it, as two would contradict.
    command: [
      javaCommand(project.base),
      ...['-Xms4m', '-Xmx16m', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-cp', FOLDER, 'HealthProbe'],
    ],
  };
}
