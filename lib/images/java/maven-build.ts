import { posix } from 'node:path';
import { BuildTool } from '../../bases/distroless-base';
import { buildArguments, buildPlatform, secretMounts } from '../build-inputs';
import { cacheMount, copy, run, shellWord } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { JavaBuild } from './java-build';
import { builderJava, collectJar, collectQuarkus, LIBRARIES, startedFast, usesWrapper } from './java-build';
import type { JavaImageProps } from './java-image';
import type { QuickStart } from './quick-start';
import { quickStart } from './quick-start';

/** Named in full, because Maven otherwise takes whichever release is the newest. */
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** 1980-01-01T00:00:02Z. */
const EARLIEST_IN_JARS = 315_532_802;

const SECRETS = { 'settings.xml': '/root/.m2/settings.xml' };

/** How Maven makes the program. */
export function mavenBuild(project: Project, props: JavaImageProps): JavaBuild {
  const file = posix.join(props.module ?? '.', 'pom.xml');
  const own = withoutComments(project.read(file, 'name the module that is the program'));
  const root = withoutComments(project.read('pom.xml', 'give the directory of the root pom.xml'));
  const poms = [own, root] as const;
  const maven = mavenOf(project, props, poms);
  const output = posix.join(props.module ?? '.', 'target');
  return {
    file,
    plugin: pluginOf(own),
    springBootVersion: resolved(poms, first(poms, /spring-boot[\w-]*<\/artifactId>\s*<version>\s*([^<\s]+)/)),
    mainClass: first(poms, /<(?:mainClass|exec\.mainClass|start-class)>\s*([\w.$]+)\s*</),
    release: first(poms, /<(?:maven\.compiler\.release|maven\.compiler\.target|java\.version|release)>\s*(\d+)\s*</),
    tool: BuildTool.MAVEN,
    jarStages: () => [buildStage(maven, collectJar(output, props.jar))],
    classpathStages: () => classpathStages(maven, collectJar(output, props.jar)),
    quarkusStages: () => [buildStage(maven, collectQuarkus(output))],
  };
}

interface Maven {
  readonly project: Project;
  /** The command: the builder's, or the project's wrapper. */
  readonly command: string;
  readonly mounts: readonly string[];
  readonly start: QuickStart;
  /** Whether modules of the same build are needed, which no repository has. */
  readonly hasModules: boolean;
}

function mavenOf(project: Project, props: JavaImageProps, poms: readonly [own: string, root: string]): Maven {
  const [, root] = poms;
  const wrapper = usesWrapper(project, props, { script: 'mvnw', needs: '.mvn/wrapper/maven-wrapper.properties' });
  const program = startedFast(wrapper ? 'sh ./mvnw' : 'mvn');
  const selection = props.module === undefined ? '' : ` --projects ${shellWord(props.module)} --also-make`;
  const command = `${program} --batch-mode --no-transfer-progress${selection}${outputTimestamp(project, root)}`;
  const extended = project.has('.mvn/extensions.xml') || poms.some((pom) => pom.includes('<extensions>'));
  const start = quickStart(builderJava(project, BuildTool.MAVEN), wrapper ? 'mvnw' : 'mvn', extended);
  return { project, command, mounts: mountsOf(project, wrapper), start, hasModules: /<module>/.test(root) };
}

/** Jars hold times, too; the plugins know none before 1980. A time that the pom.xml itself sets stays. */
function outputTimestamp({ props }: Project, root: string): string {
  const { sourceDateEpoch: epoch } = props;
  if (epoch === undefined || root.includes('<project.build.outputTimestamp>')) return '';
  // Maven's plugins take seconds as well, Quarkus' does not.
  const time = new Date(Math.max(epoch, EARLIEST_IN_JARS) * 1000).toISOString().replace('.000', '');
  return ` -Dproject.build.outputTimestamp=${time}`;
}

function pluginOf(pom: string): JavaBuild['plugin'] {
  if (pom.includes('<artifactId>spring-boot-maven-plugin</artifactId>')) return 'spring-boot';
  if (/<artifactId>quarkus-maven-plugin<\/artifactId>/.test(pom)) return 'quarkus';
  return /<artifactId>maven-(shade|assembly)-plugin<\/artifactId>/.test(pom) ? 'fat-jar' : undefined;
}

const PACKAGE = 'package -Dmaven.test.skip=true';

const COPY_LIBRARIES = `${COPY_DEPENDENCIES} -DincludeScope=runtime -DoutputDirectory=${LIBRARIES}`;

function buildStage(maven: Maven, collect: readonly string[], goals = PACKAGE): StageText {
  return {
    comment: `The program.${maven.start.comment}`,
    from: maven.project.builder(BuildTool.MAVEN),
    platform: buildPlatform(maven.project),
    name: 'build',
    instructions: ['WORKDIR /src', ...compile(maven, collect, goals)],
  };
}

/** The libraries change with the pom.xml only, unless other modules are among them: these have to be packaged first. */
function classpathStages(maven: Maven, collect: readonly string[]): StageText[] {
  if (maven.hasModules)
    return [buildStage(maven, [`mkdir -p ${LIBRARIES}`, ...collect], `${PACKAGE} ${COPY_LIBRARIES}`)];
  const { project, command } = maven;
  const settings = ['mvnw', '.mvn'].filter((path) => project.has(path));
  const libraries = {
    comment: 'The libraries.',
    from: project.builder(BuildTool.MAVEN),
    platform: buildPlatform(project),
    name: 'dependencies',
    instructions: [
      'WORKDIR /src',
      ...settings.map((path) => copy([path], `./${path}`)),
      copy(['pom.xml'], './'),
      run([`mkdir -p ${LIBRARIES}`, `${command} ${COPY_LIBRARIES}`], maven.mounts),
    ],
  };
  const program = { comment: `The program.${maven.start.comment}`, from: 'dependencies', name: 'build' };
  return [libraries, { ...program, instructions: compile(maven, collect, PACKAGE) }];
}

/** The step that a changed line repeats. The one of the libraries has no archive: making it would take longer than it saves there. */
function compile({ project, command, mounts, start }: Maven, collect: readonly string[], goals: string): string[] {
  const commands = [...start.commands, `${start.prefix}${command} ${goals}`, ...collect];
  return ['COPY . .', ...buildArguments(project), run(commands, [...mounts, ...start.mounts])];
}

function mountsOf(project: Project, wrapper: boolean): string[] {
  const folders = ['repository', ...(wrapper ? ['wrapper'] : [])];
  const caches = folders.map((folder) => cacheMount(`/root/.m2/${folder}`, 'locked'));
  return [...caches, ...secretMounts(project, SECRETS)];
}

/** The value of a property, where a version is `${spring.version}`. */
function resolved(texts: readonly string[], value?: string): string | undefined {
  const property = /^\$\{([\w.-]+)\}$/.exec(value ?? '')?.[1];
  return property === undefined ? value : first(texts, new RegExp(`<${property}>\\s*([^<\\s]+)`));
}

function withoutComments(xml: string): string {
  return xml.replace(/<!--[\s\S]*?-->/g, '');
}

function first(texts: readonly string[], pattern: RegExp): string | undefined {
  return texts.map((text) => pattern.exec(text)?.[1]).find((value) => value !== undefined);
}
