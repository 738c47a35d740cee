import { posix, resolve } from 'node:path';
import { IgnoreStrategy } from 'aws-cdk-lib';
import { fileCopy, run, shellWord } from '../dockerfile-text';
import type { FileCopy, StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { Recipe } from '../recipe';
import type { RuntimeStageOptions } from '../runtime-stage';
import { runtimeStage } from '../runtime-stage';
import type { StagedContext } from '../staged-context';
import { GRADLE_FILES, gradleBuild } from './gradle-build';
import type { JavaBuild } from './java-build';
import { builderJava, JAR, LAYERS, LIBRARIES } from './java-build';
import type { JavaImageProps } from './java-image';
import { JavaPackaging } from './java-image';
import { bringsOwnRuntime, javaCommand, OWN_RUNTIME, ownRuntime, RUNTIME_STAGE } from './java-runtime';
import { mavenBuild } from './maven-build';

const APP = '/app';

const EXCLUDE = [
  '**/target',
  '**/build',
  // Packages may have these names.
  '!**/src/**/target',
  '!**/src/**/build',
  '**/.gradle',
  '**/.classpath',
  '**/.project',
  '**/.settings',
  '**/*.iml',
  '**/mvnw.cmd',
  '**/gradlew.bat',
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

interface RenderPlan extends JavaPlan {
  readonly context: StagedContext;
}

/** How a Java program becomes an image. */
export function javaRecipe(project: Project, props: JavaImageProps): Recipe {
  checkPaths(project, props);
  checkModules(project, props);
  const build = buildOf(project, props);
  const plan = { project, props, build, packaging: props.packaging ?? packagingOf(build) };
  checkRelease(plan);
  checkCompiler(plan);
  return {
    exclude: EXCLUDE,
    manifests: [build.file],
    isCompiled: true,
    probeCompiler: 'javac',
    render: (context) => renderStages({ ...plan, context }),
  };
}

function checkPaths(project: Project, props: JavaImageProps): void {
  for (const prop of ['jar', 'module'] as const) {
    const path = props[prop];
    if (path === undefined || !/^(\/|\.\.)/.test(posix.normalize(path))) continue;
    project.refusals.refuse(prop, path, 'it lies outside of the directory', 'give a path relative to the directory');
  }
}

function checkModules({ base, refusals }: Project, { javaModules }: JavaImageProps): void {
  if (javaModules === undefined || bringsOwnRuntime(base)) return;
  refusals.refuse(
    'javaModules',
    javaModules,
    `base ${base.reference} has a Java of its own`,
    'leave them out, or use DistrolessBase.JAVA_BASE',
  );
}

function buildOf(project: Project, props: JavaImageProps): JavaBuild {
  const excluded = IgnoreStrategy.docker(resolve(props.directory), props.exclude ?? []);
  const isThere = (file: string) => project.has(file) && !excluded.ignores(resolve(props.directory, file));
  const maven = isThere('pom.xml');
  const gradle = GRADLE_FILES.find(isThere);
  if (maven && gradle !== undefined) {
    project.refuseDirectory(
      `there are both pom.xml and ${gradle} in it`,
      'leave those of one build out with exclude, or remove them',
    );
  }
  if (!maven && gradle === undefined) {
    project.refuseDirectory('there is neither a pom.xml nor a build.gradle in it', 'give the directory of the build');
  }
  return maven ? mavenBuild(project, props) : gradleBuild(project, props);
}

function packagingOf({ plugin }: JavaBuild): JavaPackaging {
  if (plugin === 'spring-boot') return JavaPackaging.SPRING_BOOT;
  if (plugin === 'quarkus') return JavaPackaging.QUARKUS;
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

function checkCompiler({ project, build }: JavaPlan): void {
  const { tool, file, release } = build;
  const available = builderJava(project, tool);
  if (release === undefined || available === undefined || Number(release) <= Number(available)) return;
  project.refusals.refuse(
    'builder',
    project.builderReference(tool),
    `it has Java ${available}, and ${file} compiles for Java ${release}`,
    `use one with Java ${release} or newer`,
  );
}

function renderStages(plan: RenderPlan): StageText[] {
  switch (plan.packaging) {
    case JavaPackaging.CLASSPATH:
      return classpath(plan, mainClassOf(plan));
    case JavaPackaging.SPRING_BOOT:
      return springBoot(plan);
    case JavaPackaging.FAT_JAR:
      return fatJar(plan);
    case JavaPackaging.QUARKUS:
      return quarkus(plan);
  }
}

function mainClassOf({ project, props, build, context }: RenderPlan): string {
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

function classpath(plan: RenderPlan, mainClass: string): StageText[] {
  const stages = plan.build.classpathStages();
  const { project, props } = plan;
  const libraries = stages.length > 1 ? 'dependencies' : 'build';
  const final = imageStage(plan, {
    files: [fileCopy([LIBRARIES], `${APP}/lib`, libraries), fileCopy([JAR], `${APP}/app.jar`, 'build')],
    entrypoint: [javaCommand(project.base)],
    cmd: ['-cp', 'app.jar:lib/*', mainClass, ...(props.args ?? [])],
  });
  return [...stages, ...runtimeStages(plan, 'build', [JAR, LIBRARIES]), final];
}

function fatJar(plan: RenderPlan): StageText[] {
  const files = [fileCopy([JAR], `${APP}/app.jar`, 'build')];
  return [...plan.build.jarStages(), ...runtimeStages(plan, 'build', [JAR]), jarStage(plan, files, 'app.jar')];
}

/** What changes the least first. https://quarkus.io/guides/container-image lays its images out like this. */
const QUARKUS_FILES = ['lib/', 'quarkus-run.jar', 'quarkus/', 'app/'];

function quarkus(plan: RenderPlan): StageText[] {
  const files = QUARKUS_FILES.map((path) => fileCopy([`${LAYERS}/${path}`], `${APP}/${path}`, 'build'));
  return [
    ...plan.build.quarkusStages(),
    ...runtimeStages(plan, 'build', [LAYERS]),
    jarStage(plan, files, 'quarkus-run.jar'),
  ];
}

/** The layers of a Spring Boot jar, those that change the least first. */
const SPRING_BOOT_LAYERS = ['dependencies', 'spring-boot-loader', 'snapshot-dependencies', 'application'];

/** https://docs.spring.io/spring-boot/reference/packaging/container-images/efficient-images.html */
function springBoot(plan: RenderPlan): StageText[] {
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
  return [...plan.build.jarStages(), unpack, ...runtimeStages(plan, 'layers', [LAYERS]), final];
}

/** On a base without Java, the stages that make one for the program. */
function runtimeStages(
  { project, props, build, context }: RenderPlan,
  stage: string,
  jars: readonly string[],
): StageText[] {
  if (!bringsOwnRuntime(project.base)) return [];
  return ownRuntime(project, { tool: build.tool, stage, jars, modules: props.javaModules }, context);
}

function jarStage(plan: JavaPlan, files: readonly FileCopy[], jar: string): StageText {
  const { base } = plan.project;
  const startsJars = base.entrypoint.at(-1) === '-jar';
  return imageStage(plan, {
    files,
    entrypoint: startsJars ? undefined : [javaCommand(base), '-jar'],
    cmd: [jar, ...(plan.props.args ?? [])],
  });
}

/** Before 3.3, Spring Boot extracts a directory that its launcher starts. */
function launcherStage(plan: JavaPlan, layers: readonly FileCopy[], launcher: string): StageText {
  const cmd = [launcher, ...(plan.props.args ?? [])];
  return imageStage(plan, { files: layers, entrypoint: [javaCommand(plan.project.base)], cmd });
}

function imageStage({ project, props }: JavaPlan, options: RuntimeStageOptions): StageText {
  const runtime = bringsOwnRuntime(project.base) ? [fileCopy([OWN_RUNTIME], OWN_RUNTIME, RUNTIME_STAGE)] : [];
  const extraFiles = (props.extraFiles ?? []).map((path) => fileCopy([path], posix.join(APP, path)));
  return runtimeStage(project, {
    ...options,
    files: [...runtime, ...options.files, ...extraFiles],
    environment: jvmOptions(props),
    workdir: APP,
  });
}

function jvmOptions({ jvmOptions: options = JVM_OPTIONS }: JavaImageProps): Record<string, string> {
  return options.length === 0 ? {} : { JAVA_TOOL_OPTIONS: options.map(shellWord).join(' ') };
}
