import { posix } from 'node:path';
import { fileCopy, run, shellWord } from '../dockerfile-text';
import type { FileCopy, StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import { GRADLE_FILES, gradleBuild } from './gradle-build';
import type { JavaBuild } from './java-build';
import { JAR, LAYERS, LIBRARIES } from './java-build';
import type { JavaImageProps } from './java-image';
import { JavaPackaging } from './java-image';
import { mavenBuild } from './maven-build';

const APP = '/app';

const EXCLUDE = [
  '**/target',
  '**/build',
  '**/.gradle',
  '**/.mvn/wrapper/*.jar',
  '**/.classpath',
  '**/.project',
  '**/.settings',
  '**/*.iml',
  '**/src/test',
  '*.md',
];

const JVM_OPTIONS = ['-XX:MaxRAMPercentage=75', '-XX:+ExitOnOutOfMemoryError'];

interface JavaPlan {
  readonly project: Project;
  readonly props: JavaImageProps;
  readonly build: JavaBuild;
  readonly packaging: JavaPackaging;
}

/** How a Java program becomes an image. */
export function javaRecipe(project: Project, props: JavaImageProps): Recipe {
  checkPaths(project, props);
  const build = buildOf(project, props);
  const plan = { project, props, build, packaging: props.packaging ?? packagingOf(build) };
  checkRelease(plan);
  return { exclude: EXCLUDE, probeCompiler: 'javac', render: (context) => renderStages(plan, context) };
}

function checkPaths(project: Project, props: JavaImageProps): void {
  for (const prop of ['jar', 'module'] as const) {
    const path = props[prop];
    if (path === undefined || !/^(\/|\.\.)/.test(posix.normalize(path))) continue;
    project.refusals.refuse(prop, path, 'it lies outside of the directory', 'give a path relative to the directory');
  }
}

function buildOf(project: Project, props: JavaImageProps): JavaBuild {
  const maven = project.has('pom.xml');
  const gradle = GRADLE_FILES.find((file) => project.has(file));
  if (maven && gradle !== undefined) {
    project.refuseDirectory(
      `there are both pom.xml and ${gradle} in it`,
      'leave one of them out with exclude, or remove it',
    );
  }
  if (!maven && gradle === undefined) {
    project.refuseDirectory('there is neither a pom.xml nor a build.gradle in it', 'give the directory of the build');
  }
  return maven ? mavenBuild(project, props) : gradleBuild(project, props);
}

function packagingOf({ plugin }: JavaBuild): JavaPackaging {
  if (plugin === 'spring-boot') return JavaPackaging.SPRING_BOOT;
  return plugin === 'fat-jar' ? JavaPackaging.FAT_JAR : JavaPackaging.CLASSPATH;
}

function checkRelease({ project, build }: JavaPlan): void {
  const { reference, runtimeVersion } = project.base;
  if (build.release === undefined || runtimeVersion === undefined || Number(build.release) <= Number(runtimeVersion))
    return;
  project.refusals.refuse(
    'base',
    reference,
    `it has Java ${runtimeVersion}, and ${build.file} compiles for Java ${build.release}`,
    `use a base with Java ${build.release} or newer`,
  );
}

function renderStages(plan: JavaPlan, context: StagedContext): StageText[] {
  switch (plan.packaging) {
    case JavaPackaging.CLASSPATH:
      return classpath(plan, mainClassOf(plan, context));
    case JavaPackaging.SPRING_BOOT:
      return springBoot(plan);
    case JavaPackaging.FAT_JAR:
      return [...plan.build.jarStages(), jarStage(plan, [fileCopy([JAR], `${APP}/app.jar`, 'build')], 'app.jar')];
  }
}

function mainClassOf({ project, props, build }: JavaPlan, context: StagedContext): string {
  const mainClass = props.mainClass ?? build.mainClass;
  if (mainClass === undefined) {
    return project.refusals.refuse(
      'mainClass',
      undefined,
      `neither the prop nor ${build.file} names one`,
      'name the class to start',
    );
  }
  // A class of Kotlin's, Scala's or of an inner name need not have a file of its name; a missing package tells enough.
  const folder = mainClass.split('.').slice(0, -1).join('/');
  if (!context.files().some((file) => file.includes(`src/main/`) && posix.dirname(file).endsWith(folder))) {
    project.refusals.refuse(
      'mainClass',
      mainClass,
      `there are no sources of its package in ${project.props.directory}`,
      'name the class to start',
    );
  }
  return mainClass;
}

function classpath(plan: JavaPlan, mainClass: string): StageText[] {
  const stages = plan.build.classpathStages();
  const { project, props } = plan;
  const libraries = stages.length > 1 ? 'dependencies' : 'build';
  const final = runtimeStage(project, {
    files: [
      fileCopy([LIBRARIES], `${APP}/lib`, libraries),
      fileCopy([JAR], `${APP}/app.jar`, 'build'),
      ...extraFiles(props),
    ],
    environment: jvmOptions(props),
    workdir: APP,
    entrypoint: [java(project)],
    cmd: ['-cp', 'app.jar:lib/*', mainClass, ...(props.args ?? [])],
  });
  return [...stages, final];
}

/** The layers of a Spring Boot jar, those that change the least first. */
const SPRING_BOOT_LAYERS = ['dependencies', 'spring-boot-loader', 'snapshot-dependencies', 'application'];

/** https://docs.spring.io/spring-boot/reference/packaging/container-images/efficient-images.html */
function springBoot(plan: JavaPlan): StageText[] {
  const layers = SPRING_BOOT_LAYERS.map((layer) => fileCopy([`${LAYERS}/${layer}/`], `${APP}/`, 'layers'));
  const [major, minor] = (plan.build.springBootVersion ?? '3.3').split('.').map(Number);
  const extracts = major > 3 || (major === 3 && minor >= 3);
  const command = extracts
    ? `java -Djarmode=tools -jar ${JAR} extract --layers --destination ${LAYERS}`
    : `mkdir -p ${LAYERS} && cd ${LAYERS} && java -Djarmode=layertools -jar ${JAR} extract`;
  const unpack = { comment: 'The layers of the jar.', from: 'build', name: 'layers', instructions: [run([command])] };
  const launcher =
    major === 3 && minor === 2 ? 'org.springframework.boot.loader.launch' : 'org.springframework.boot.loader';
  const final = extracts ? jarStage(plan, layers, 'app.jar') : launcherStage(plan, layers, `${launcher}.JarLauncher`);
  return [...plan.build.jarStages(), unpack, final];
}

function jarStage({ project, props }: JavaPlan, files: readonly FileCopy[], jar: string): StageText {
  const startsJars = project.base.entrypoint.at(-1) === '-jar';
  return runtimeStage(project, {
    files: [...files, ...extraFiles(props)],
    environment: jvmOptions(props),
    workdir: APP,
    entrypoint: startsJars ? undefined : [java(project), '-jar'],
    cmd: [jar, ...(props.args ?? [])],
  });
}

/** Before 3.3, Spring Boot extracts a directory that its launcher starts. */
function launcherStage({ project, props }: JavaPlan, layers: readonly FileCopy[], launcher: string): StageText {
  return runtimeStage(project, {
    files: [...layers, ...extraFiles(props)],
    environment: jvmOptions(props),
    workdir: APP,
    entrypoint: [java(project)],
    cmd: [launcher, ...(props.args ?? [])],
  });
}

function extraFiles({ extraFiles: paths = [] }: JavaImageProps): FileCopy[] {
  return paths.map((path) => fileCopy([path], posix.join(APP, path)));
}

function jvmOptions({ jvmOptions: options = JVM_OPTIONS }: JavaImageProps): Record<string, string> {
  return options.length === 0 ? {} : { JAVA_TOOL_OPTIONS: options.map(shellWord).join(' ') };
}

function java(project: Project): string {
  return project.base.entrypoint[0] ?? 'java';
}
