import { posix } from 'node:path';
import { BuildTool } from '../../bases/distroless-base';
import { buildArguments, secretMounts } from '../build-inputs';
import { cacheMount, copy, run, shellWord } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { JavaBuild } from './java-build';
import { collectJar, LIBRARIES } from './java-build';
import type { JavaImageProps } from './java-image';

const MAVEN = 'mvn --batch-mode --no-transfer-progress';

/** Named in full, because Maven otherwise takes whichever release is the newest. */
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

const SECRETS = { 'settings.xml': '/root/.m2/settings.xml' };

/** How Maven makes the program. */
export function mavenBuild(project: Project, props: JavaImageProps): JavaBuild {
  const file = posix.join(props.module ?? '.', 'pom.xml');
  const own = withoutComments(project.read(file, 'name the module that is the program'));
  const root = withoutComments(project.read('pom.xml', 'give the directory of the root pom.xml'));
  const poms = [own, root];
  return {
    file,
    plugin: pluginOf(own),
    springBootVersion: first(poms, /spring-boot[\w-]*<\/artifactId>\s*<version>([^<$]+)</),
    mainClass: first(poms, /<(?:mainClass|exec\.mainClass|start-class)>\s*([\w.$]+)\s*</),
    release: first(poms, /<(?:maven\.compiler\.release|maven\.compiler\.target|java\.version|release)>\s*(\d+)\s*</),
    jarStages: () => [jarStage(project, props)],
    classpathStages: () => [dependenciesStage(project, props), classpathStage(project, props)],
  };
}

function pluginOf(pom: string): JavaBuild['plugin'] {
  if (pom.includes('<artifactId>spring-boot-maven-plugin</artifactId>')) return 'spring-boot';
  return /<artifactId>maven-(shade|assembly)-plugin<\/artifactId>/.test(pom) ? 'fat-jar' : undefined;
}

function jarStage(project: Project, props: JavaImageProps): StageText {
  return {
    comment: 'The program.',
    from: project.builder(BuildTool.MAVEN),
    name: 'build',
    instructions: ['WORKDIR /src', ...compile(project, props)],
  };
}

/** The libraries change with the pom.xml files only. */
function dependenciesStage(project: Project, props: JavaImageProps): StageText {
  const siblings = hasModules(project);
  return {
    comment: 'The libraries.',
    from: project.builder(BuildTool.MAVEN),
    name: 'dependencies',
    instructions: [
      'WORKDIR /src',
      ...(siblings ? ['COPY . .'] : [copy(['pom.xml'], './')]),
      run([`mkdir -p ${LIBRARIES}`, copyDependencies(props, siblings)], mounts(project)),
    ],
  };
}

/** Modules of the same build are not in any repository; they are packaged before their jars can be copied. */
function copyDependencies(props: JavaImageProps, siblings: boolean): string {
  const goals = siblings ? 'package -Dmaven.test.skip=true ' : '';
  const selection = props.module === undefined ? '' : ` --projects ${shellWord(props.module)} --also-make`;
  return `${MAVEN}${selection} ${goals}${COPY_DEPENDENCIES} -DincludeScope=runtime -DoutputDirectory=${LIBRARIES}`;
}

function classpathStage(project: Project, props: JavaImageProps): StageText {
  return { comment: 'The program.', from: 'dependencies', name: 'build', instructions: compile(project, props) };
}

function compile(project: Project, props: JavaImageProps): string[] {
  const selection = props.module === undefined ? '' : ` --projects ${shellWord(props.module)} --also-make`;
  const commands = [
    `${MAVEN}${selection} package -Dmaven.test.skip=true`,
    ...collectJar(posix.join(props.module ?? '.', 'target'), props.jar),
  ];
  return ['COPY . .', ...buildArguments(project), run(commands, mounts(project))];
}

function mounts(project: Project): string[] {
  return [cacheMount('/root/.m2/repository', 'locked'), ...secretMounts(project, SECRETS)];
}

function hasModules(project: Project): boolean {
  return /<module>/.test(withoutComments(project.tryRead('pom.xml') ?? ''));
}

function withoutComments(xml: string): string {
  return xml.replace(/<!--[\s\S]*?-->/g, '');
}

function first(texts: readonly string[], pattern: RegExp): string | undefined {
  return texts.map((text) => pattern.exec(text)?.[1]).find((value) => value !== undefined);
}
