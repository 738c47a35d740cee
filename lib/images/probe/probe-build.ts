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
  /** Files beside this one. */
  readonly sources: readonly string[];
  readonly stage: Pick<StageText, 'from' | 'platform'>;
  /** Instructions that compile the copied sources into `/out`. */
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
  for (const source of probe.sources) {
    context.write(`${CONTEXT_FOLDER}/${source}`, readFileSync(join(__dirname, source), 'utf8'));
  }
  const last = stages.length - 1;
  return {
    stages: [builderOf(probe), ...stages.slice(0, last), withCopy(stages[last])],
    command: probe.command,
  };
}

function builderOf(probe: ProbeStage): StageText {
  const sources = probe.sources.map((source) => `${CONTEXT_FOLDER}/${source}`);
  return {
    comment: 'The health probe.',
    ...probe.stage,
    name: STAGE,
    instructions: ['WORKDIR /out', copy(sources, '/src/'), ...probe.compile],
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

const GCC = 'gcc -Os -static -s -o /out/probe /src/probe.c';

const GO =
  'CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /out/probe /src/probe.go';

/**
 * In C where that works, in Go where it does not: an empty program of Go's has 1.2 MB already, but Go compiles for any platform on any
 * other. The official images of Go have a compiler for C, for the platform that they run on; those on Alpine have none.
 */
function goProbe(from: string): ProbeStage {
  const build = `{ [ "$BUILDPLATFORM" = "$TARGETPLATFORM" ] && ${GCC} 2>/dev/null; } \\\n || ${GO}`;
  return {
    sources: ['probe.c', 'probe.go'],
    stage: { from, platform: '$BUILDPLATFORM' },
    compile: [
      ...['BUILDPLATFORM', 'TARGETPLATFORM', 'TARGETOS', 'TARGETARCH'].map((name) => `ARG ${name}`),
      run([build], [cacheMount('/root/.cache/go-build')]),
    ],
    command: [`${FOLDER}/probe`],
  };
}

function cProbe(from: string): ProbeStage {
  return { sources: ['probe.c'], stage: { from }, compile: [run([GCC])], command: [`${FOLDER}/probe`] };
}

function javaProbe(from: string, project: Project): ProbeStage {
  return {
    sources: ['HealthProbe.java'],
    stage: { from, platform: '$BUILDPLATFORM' },
    compile: [run(['javac --release 17 -XDstringConcat=inline -d /out /src/HealthProbe.java'])],
    // The small heap wins over what JAVA_TOOL_OPTIONS says for the app; the collector is left to it, as two would contradict.
    command: [
      javaCommand(project.base),
      ...['-Xms4m', '-Xmx16m', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-cp', FOLDER, 'HealthProbe'],
    ],
  };
}
