import type { BuildTool } from '../../bases/distroless-base';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { JavaImageProps } from './java-image';

/** Where a build puts the program, for the image to copy it from. */
export const JAR = '/out/app.jar';
export const LIBRARIES = '/out/lib';
export const LAYERS = '/out/layers';

/**
 * The first of the virtual machine's two compilers: a build is over before what the second makes faster has paid for itself. Java takes
 * what the project sets (`.mvn/jvm.config`, `org.gradle.jvmargs`, `MAVEN_OPTS`) after it, so that the project's wins.
 */
export const FIRST_COMPILER = '-XX:TieredStopAtLevel=1';

/** Starts a build tool by that compiler. */
export function startedFast(tool: string): string {
  return `JDK_JAVA_OPTIONS="${FIRST_COMPILER} $JDK_JAVA_OPTIONS" ${tool}`;
}

/** The Java that a builder has, which official images of Maven and Gradle name. */
export function builderJava(project: Project, tool: BuildTool): string | undefined {
  return /[:-](?:jdk-?|temurin-|corretto-)(\d+)/.exec(project.builderReference(tool))?.[1];
}

/** Commands that put the directory which Quarkus makes to `LAYERS`. */
export function collectQuarkus(output: string): string[] {
  return ['mkdir -p /out', `cp -r ${output}/quarkus-app ${LAYERS}`];
}

/** What the build file of a project says, and how its tool makes the program. */
export interface JavaBuild {
  /** Maven or Gradle. */
  readonly tool: BuildTool;
  /** Names a plugin that makes a jar of its own kind. */
  readonly plugin?: 'spring-boot' | 'quarkus' | 'fat-jar';
  readonly springBootVersion?: string;
  readonly mainClass?: string;
  /** The Java version that it compiles for. */
  readonly release?: string;
  /** The build file, for messages. */
  readonly file: string;
  /** Stages that put the jar to `JAR`. */
  jarStages(): StageText[];
  /** Stages that put the program's jar to `JAR`, and the ones that it depends on to `LIBRARIES`. */
  classpathStages(): StageText[];
  /** Stages that put Quarkus' directory to `LAYERS`. */
  quarkusStages(): StageText[];
}

/** Commands that find the one jar that a build made, and put it to `JAR`. */
export function collectJar(directory: string, jar?: string): string[] {
  if (jar !== undefined) return ['mkdir -p /out', `cp ${jar} ${JAR}`];
  const others = ['original-*', '*-sources.jar', '*-javadoc.jar', '*-tests.jar', '*-plain.jar'];
  const names = others.map((name) => `! -name '${name}'`).join(' ');
  return [
    `jars="$(find ${directory} -maxdepth 1 -name '*.jar' ${names})"`,
    `if [ "$(echo "$jars" | wc -w)" != 1 ]; then echo "not one jar but: $jars; name it with the prop jar" >&2; exit 1; fi`,
    'mkdir -p /out',
    `cp "$jars" ${JAR}`,
  ];
}

/** The script that fetches the release of Maven or Gradle which the project names. */
export interface Wrapper {
  readonly script: string;
  /** What it cannot do without, and what version control is sometimes told to leave out. */
  readonly needs: string;
}

/** Whether the build is started by the project's wrapper. */
export function usesWrapper(project: Project, props: JavaImageProps, { script, needs }: Wrapper): boolean {
  if (!(props.wrapper ?? project.has(script))) return false;
  if (project.has(script) && project.has(needs)) return true;
  const missing = project.has(script) ? needs : script;
  return project.refusals.refuse(
    'wrapper',
    props.wrapper,
    `there is no ${missing} in ${project.props.directory}`,
    'commit it, or set wrapper to false for the one of the builder',
  );
}
