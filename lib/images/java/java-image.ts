import type { Construct } from 'constructs';
import { BaseRuntime, DistrolessBase } from '../../bases/distroless-base';
import { SourceImage } from '../source-image';
import type { SourceImageProps } from '../source-image-props';
import { javaRecipe } from './java-recipe';
import { bringsOwnRuntime } from './java-runtime';

/** How a Java program lies in its image. */
export enum JavaPackaging {
  /** The program's own jar, and the jars that it depends on beside it, in a layer that changes with the dependencies only. */
  CLASSPATH = 'classpath',
  /** The layers of a Spring Boot jar. */
  SPRING_BOOT = 'spring-boot',
  /** One jar with everything in it, as the build makes it (shade, assembly, shadow). */
  FAT_JAR = 'fat-jar',
  /** The directory that Quarkus makes: its libraries, and the program in a layer of its own. */
  QUARKUS = 'quarkus',
}

/** Props of a `JavaImage`. */
export interface JavaImageProps extends SourceImageProps {
  /**
   * How the program lies in its image.
   *
   * @default - SPRING_BOOT, QUARKUS or FAT_JAR if the build has a plugin for it, otherwise CLASSPATH
   */
  readonly packaging?: JavaPackaging;

  /**
   * The class to start: `com.example.Main`. Jars that are started as such know theirs.
   *
   * @default - the one that the build file names
   */
  readonly mainClass?: string;

  /**
   * The jar that the build makes, relative to the directory: `target/app.jar`.
   *
   * @default - the one jar in the build's output that is neither sources, tests nor documentation
   */
  readonly jar?: string;

  /**
   * The module that is the program, in a build of several: its path relative to the directory.
   *
   * @default - the directory itself
   */
  readonly module?: string;

  /**
   * Options of the Java virtual machine.
   *
   * @default ['-XX:MaxRAMPercentage=75', '-XX:+ExitOnOutOfMemoryError']
   */
  readonly jvmOptions?: string[];

  /**
   * Modules of Java for a program that brings its own, besides those that its jars ask for: what is found by name only.
   *
   * Such as `jdk.localedata` for languages other than English, `jdk.zipfs`, `jdk.naming.dns`.
   *
   * @default - none
   */
  readonly javaModules?: string[];

  /**
   * Whether Maven or Gradle is the one of the project's wrapper (`mvnw`, `gradlew`), which fetches the release that the project names.
   *
   * @default - true if the project has one; otherwise the builder's own is taken
   */
  readonly wrapper?: boolean;
}

/**
 * A Java service without a shell, built by Maven or Gradle.
 *
 * Its dependencies are a layer of their own. The virtual machine takes three quarters of the container's memory for its heap, and
 * ends when that is not enough, so that the service is started anew.
 *
 * On `DistrolessBase.JAVA_BASE`, which has no Java, the program brings one with the modules that it needs (jdeps, jlink): a fraction
 * of the whole.
 *
 * Gradle before 9 writes the time of the build into jars; with `preserveFileTimestamps = false` for its archives they are the same each
 * time, as `sourceDateEpoch` promises.
 *
 * A build secret named `settings.xml` lies where Maven looks for it, one named `gradle.properties` where Gradle does.
 */
export class JavaImage extends SourceImage {
  public constructor(scope: Construct, id: string, props: JavaImageProps) {
    super(scope, id);
    this._render(props, props.base ?? DistrolessBase.JAVA_25, (project) => {
      if (!bringsOwnRuntime(project.base)) project.requireRuntime(BaseRuntime.JAVA, 'DistrolessBase.JAVA_25');
      return javaRecipe(project, props);
    });
  }
}
