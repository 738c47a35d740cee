import { posix } from 'node:path';
import { BuildTool } from '../../bases/distroless-base';
import { buildArguments, buildPlatform, secretMounts } from '../build-inputs';
import { cacheMount, run } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { JavaBuild } from './java-build';
import { collectJar, collectQuarkus, JAR, LIBRARIES, startedFast, usesWrapper } from './java-build';
import type { JavaImageProps } from './java-image';

export const GRADLE_FILES = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'];

const SECRETS = { 'gradle.properties': '/root/.gradle/gradle.properties' };

/** How Gradle makes the program: by the project's wrapper, if it has one, since builds depend on Gradle's version. */
export function gradleBuild(project: Project, props: JavaImageProps): JavaBuild {
  const files = GRADLE_FILES.map((file) => posix.join(props.module ?? '.', file));
  const file = files.find((candidate) => project.has(candidate)) ?? files[0];
  const text = project.read(file, 'name the module that is the program').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const wrapper = { script: 'gradlew', needs: 'gradle/wrapper/gradle-wrapper.jar' };
  const gradle = startedFast(usesWrapper(project, props, wrapper) ? 'sh ./gradlew' : 'gradle');
  return {
    file,
    plugin: pluginOf(text),
    springBootVersion: /org\.springframework\.boot['"]\)?\s*version\s*['"]([\d.]+)/.exec(text)?.[1],
    mainClass: /mainClass(?:Name)?\s*(?:=|\.set\()\s*['"]([\w.$]+)['"]/.exec(text)?.[1],
    release: /(?:languageVersion\s*(?:=|\.set\()\s*JavaLanguageVersion\.of\(|release\s*=\s*|VERSION_)(\d+)/.exec(
      text,
    )?.[1],
    tool: BuildTool.GRADLE,
    jarStages: () => [buildStage(project, gradle, jarCommands(props, pluginOf(text)))],
    classpathStages: () => [buildStage(project, gradle, classpathCommands(props))],
    quarkusStages: () => [buildStage(project, gradle, quarkusCommands(props))],
  };
}

function pluginOf(text: string): JavaBuild['plugin'] {
  if (/org\.springframework\.boot['"]/.test(text)) return 'spring-boot';
  if (/['"]io\.quarkus['"]/.test(text)) return 'quarkus';
  return /(com\.gradleup|com\.github\.johnrengelman)\.shadow['"]/.test(text) ? 'fat-jar' : undefined;
}

function jarCommands(props: JavaImageProps, plugin: JavaBuild['plugin']): string[] {
  const task = plugin === 'spring-boot' ? 'bootJar' : plugin === 'fat-jar' ? 'shadowJar' : 'jar';
  return [gradleTask(props, task), ...collectJar(posix.join(props.module ?? '.', 'build/libs'), props.jar)];
}

function quarkusCommands(props: JavaImageProps): string[] {
  return [gradleTask(props, 'quarkusBuild'), ...collectQuarkus(posix.join(props.module ?? '.', 'build'))];
}

/** The application plugin lays out a program with its libraries; its own jar is told from them by its name. */
function classpathCommands(props: JavaImageProps): string[] {
  const build = posix.join(props.module ?? '.', 'build');
  return [
    gradleTask(props, 'installDist'),
    ...collectJar(`${build}/libs`, props.jar),
    `mkdir -p ${LIBRARIES}`,
    `cp ${build}/install/*/lib/*.jar ${LIBRARIES}/`,
    `for library in ${LIBRARIES}/*.jar; do if cmp -s "$library" ${JAR}; then rm "$library"; fi; done`,
  ];
}

function gradleTask({ module: name }: JavaImageProps, task: string): string {
  return `$GRADLE --no-daemon ${name === undefined ? '' : `:${name.split('/').join(':')}:`}${task}`;
}

function buildStage(project: Project, gradle: string, commands: readonly string[]): StageText {
  const mounts = [cacheMount('/root/.gradle', 'locked'), ...secretMounts(project, SECRETS)];
  return {
    comment: 'The program.',
    from: project.builder(BuildTool.GRADLE),
    platform: buildPlatform(project),
    name: 'build',
    instructions: [
      'USER root',
      'WORKDIR /src',
      'ENV GRADLE_USER_HOME=/root/.gradle',
      'COPY . .',
      ...buildArguments(project),
      run(
        commands.map((command) => command.replace('$GRADLE', () => gradle)),
        mounts,
      ),
    ],
  };
}
