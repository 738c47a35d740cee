import { readFileSync } from 'node:fs';
import { ARCHITECTURE } from '../oci-layout';
import { type Builder, PATH } from './builder';

const HOME = '/opt/java/openjdk';

/** `maven:3.9-eclipse-temurin-MAJOR`; the official one stands on Ubuntu and has Eclipse's build of the same JDK. */
export function mavenBuilder(major: string): Builder {
  return {
    reference: `maven:3.9-eclipse-temurin-${major}`,
    packages: ['ca-certificates', 'maven', `openjdk-${major}-jdk-headless`, `openjdk-${major}-jre-headless`],
    ingredients: [readFileSync(__filename, 'utf8')],
    arrange: (tree) => {
      tree.move(`usr/lib/jvm/java-${major}-openjdk-${ARCHITECTURE}`, HOME.slice(1));
      for (const tool of ['java', 'javac', 'jar']) tree.link(`usr/bin/${tool}`, `${HOME}/bin/${tool}`);
      tree.link('usr/bin/mvn', '/usr/share/maven/bin/mvn');
    },
    config: {
      Env: [
        `PATH=${HOME}/bin:${PATH}`,
        `JAVA_HOME=${HOME}`,
        'MAVEN_HOME=/usr/share/maven',
        'MAVEN_CONFIG=/root/.m2',
        'LANG=C.UTF-8',
      ],
      Cmd: ['mvn'],
    },
  };
}
