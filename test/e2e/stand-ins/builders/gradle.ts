import { readFileSync } from 'node:fs';
import { ARCHITECTURE } from '../oci-layout';
import { type Builder, PATH } from './builder';

const HOME = '/opt/java/openjdk';

/**
 * `gradle:9-jdkMAJOR`: Debian's Gradle, which is 4.4 and the only one in reach of a package client; Gradle publishes its own from a
 * site. It runs on Java 21 at the most.
 */
export function gradleBuilder(major: string): Builder {
  return {
    reference: `gradle:9-jdk${major}`,
    packages: ['ca-certificates', 'gradle', `openjdk-${major}-jdk-headless`, `openjdk-${major}-jre-headless`],
    ingredients: [readFileSync(__filename, 'utf8')],
    arrange: (tree) => {
      tree.move(`usr/lib/jvm/java-${major}-openjdk-${ARCHITECTURE}`, HOME.slice(1));
      for (const tool of ['java', 'javac', 'jar']) tree.link(`usr/bin/${tool}`, `${HOME}/bin/${tool}`);
    },
    config: {
      Env: [`PATH=${HOME}/bin:${PATH}`, `JAVA_HOME=${HOME}`, 'GRADLE_HOME=/usr/share/gradle', 'LANG=C.UTF-8'],
      WorkingDir: '/home/gradle',
      Cmd: ['gradle'],
    },
  };
}
