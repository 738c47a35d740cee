import type { StageText } from '../dockerfile-text';

/** Where a build puts the program, for the image to copy it from. */
export const JAR = '/out/app.jar';
export const LIBRARIES = '/out/lib';
export const LAYERS = '/out/layers';

/** What the build file of a project says, and how its tool makes the program. */
export interface JavaBuild {
  /** Names a plugin that makes a jar of its own kind. */
  readonly plugin?: 'spring-boot' | 'fat-jar';
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
