import { DistrolessBase, JavaImage, JavaPackaging } from '../../lib';
import type { JavaImageProps } from '../../lib';
import { freshStack, instructions, sourceDirectory } from './source-directory';

const pom = (content = '') => `<project><artifactId>api</artifactId>${content}</project>`;
const plugin = (name: string) => `<build><plugins><plugin><artifactId>${name}</artifactId></plugin></plugins></build>`;
const MAIN = 'src/main/java/com/example/Main.java';
const PROJECT = { 'pom.xml': pom(), [MAIN]: '' };

function define(files: Record<string, string | object>, props: Partial<JavaImageProps> = {}): JavaImage {
  return new JavaImage(freshStack(), 'Api', { directory: sourceDirectory(files), ...props });
}

function rendered(files: Record<string, string | object>, props: Partial<JavaImageProps> = {}): string[] {
  return instructions(define(files, props).dockerfile);
}

describe('Maven', () => {
  test('libraries are a layer of their own, which changes with the pom.xml only', () => {
    expect(define(PROJECT, { mainClass: 'com.example.Main' }).dockerfile).toMatchInlineSnapshot(`
     "# The libraries.
     FROM --platform=$BUILDPLATFORM maven:3.9-eclipse-temurin-25 AS dependencies
     WORKDIR /src
     COPY pom.xml ./
     RUN --mount=type=cache,target=/root/.m2/repository,sharing=locked \\
         mkdir -p /out/lib \\
      && JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 $JDK_JAVA_OPTIONS" mvn --batch-mode --no-transfer-progress org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/out/lib

     # The program. Maven starts from an archive of its loaded classes, which a cache keeps between builds.
     FROM dependencies AS build
     COPY . .
     RUN --mount=type=cache,target=/root/.m2/repository,sharing=locked \\
         --mount=type=cache,target=/var/cache/java,sharing=locked \\
         if [ -z "$(head -c 1 /var/cache/java/mvn-25.jsa 2>/dev/null | tr -d '\\0')" ]; then rm -f /var/cache/java/mvn-25.jsa; fi \\
      && MAVEN_OPTS="-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=/var/cache/java/mvn-25.jsa -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:+AllowArchivingWithJavaAgent -Xlog:cds=off,cds+dynamic=off -XX:+NeverActAsServerClassMachine -Dguice_bytecode_gen_option=DISABLED $MAVEN_OPTS" JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 $JDK_JAVA_OPTIONS" mvn --batch-mode --no-transfer-progress package -Dmaven.test.skip=true \\
      && jars="$(find target -maxdepth 1 -name '*.jar' ! -name 'original-*' ! -name '*-sources.jar' ! -name '*-javadoc.jar' ! -name '*-tests.jar' ! -name '*-plain.jar')" \\
      && if [ "$(echo "$jars" | wc -w)" != 1 ]; then echo "not one jar but: $jars; name it with the prop jar" >&2; exit 1; fi \\
      && mkdir -p /out \\
      && cp "$jars" /out/app.jar

     FROM gcr.io/distroless/java25-debian13:nonroot
     COPY --from=dependencies /out/lib /app/lib
     COPY --from=build /out/app.jar /app/app.jar
     ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError"
     LABEL org.opencontainers.image.base.name=gcr.io/distroless/java25-debian13:nonroot
     WORKDIR /app
     USER 65532
     ENTRYPOINT ["/usr/bin/java"]
     CMD ["-cp", "app.jar:lib/*", "com.example.Main"]
     "
    `);
  });

  describe('starts from an archive of its classes, in a cache that is no part of the image,', () => {
    const program = (props: Partial<JavaImageProps> = {}, files: Record<string, string> = {}) =>
      rendered({ ...PROJECT, ...files }, { mainClass: 'com.example.Main', ...props }).find((line) =>
        line.includes(' package '),
      );

    test.each([
      [25, DistrolessBase.JAVA_25],
      [21, DistrolessBase.JAVA_21],
    ])('one for each release: Java %d', (java, base) => {
      const text = program({ base });
      expect(text).toContain('--mount=type=cache,target=/var/cache/java,sharing=locked');
      expect(text).toContain(`-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=/var/cache/java/mvn-${java}.jsa`);
    });

    test('and the wrapper from one of its own', () => {
      const files = { mvnw: '', '.mvn/wrapper/maven-wrapper.properties': '' };
      expect(program({}, files)).toContain('SharedArchiveFile=/var/cache/java/mvnw-25.jsa');
    });

    test('which the project’s own options may end', () => {
      expect(program()).toMatch(/MAVEN_OPTS="-XX:\+AutoCreateSharedArchive [^"]* \$MAVEN_OPTS" /);
    });

    test('by the collector that starts no threads, and with no generated classes', () => {
      expect(program()).toMatch(
        / -XX:\+NeverActAsServerClassMachine -Dguice_bytecode_gen_option=DISABLED \$MAVEN_OPTS"/,
      );
    });

    test.each([
      ['in a file', { '.mvn/extensions.xml': '<extensions/>' }],
      ['in the pom.xml', { 'pom.xml': pom('<build><extensions><extension/></extensions></build>') }],
      [
        'as plugins',
        { 'pom.xml': pom('<build><plugins><plugin><extensions>true</extensions></plugin></plugins></build>') },
      ],
    ])('but extensions, here %s, may have interceptors, which are generated', (_, files) => {
      expect(program({}, files)).toContain('-XX:+NeverActAsServerClassMachine $MAVEN_OPTS');
    });

    test.each([
      ['a Java that does not know the option', { base: DistrolessBase.JAVA_17 }],
      ['a builder whose Java is not known', { builder: 'registry.example.com/build/maven:4' }],
    ])('but not with %s', (_, props) => {
      expect(program(props)).not.toMatch(/Archive|MAVEN_OPTS|var\/cache\/java/);
    });

    test('and not where the libraries are fetched', () => {
      const lines = rendered(PROJECT, { mainClass: 'com.example.Main' });
      expect(lines.find((line) => line.includes('copy-dependencies'))).not.toContain('Archive');
    });
  });

  test('the main class may stand in the pom.xml, but not in a comment of it', () => {
    const files = {
      ...PROJECT,
      'pom.xml': pom('<!-- <mainClass>com.old.Main</mainClass> --><mainClass>com.example.Main</mainClass>'),
    };
    expect(rendered(files).at(-1)).toBe('CMD ["-cp", "app.jar:lib/*", "com.example.Main"]');
  });

  test('a shaded jar is started as it is', () => {
    const lines = rendered({ ...PROJECT, 'pom.xml': pom(plugin('maven-shade-plugin')) }, { args: ['server'] });
    expect(lines).toContain('COPY --from=build /out/app.jar /app/app.jar');
    expect(lines.at(-1)).toBe('CMD ["app.jar", "server"]');
    expect(lines.some((line) => line.startsWith('ENTRYPOINT'))).toBe(false);
  });

  test('a base whose entrypoint does not start jars gets one that does', () => {
    const files = { ...PROJECT, 'pom.xml': pom(plugin('maven-shade-plugin')) };
    expect(rendered(files, { base: DistrolessBase.CHAINGUARD_JRE })).toContain('ENTRYPOINT ["/usr/bin/java", "-jar"]');
  });

  test('a Spring Boot jar becomes its layers, those that change the least first', () => {
    const parent = '<parent><artifactId>spring-boot-starter-parent</artifactId><version>3.5.7</version></parent>';
    const lines = rendered({ ...PROJECT, 'pom.xml': pom(parent + plugin('spring-boot-maven-plugin')) });
    expect(lines).toContain('RUN java -Djarmode=tools -jar /out/app.jar extract --layers --destination /out/layers');
    expect(lines.filter((line) => line.startsWith('COPY --from=layers'))).toEqual([
      'COPY --from=layers /out/layers/dependencies/ /app/',
      'COPY --from=layers /out/layers/spring-boot-loader/ /app/',
      'COPY --from=layers /out/layers/snapshot-dependencies/ /app/',
      'COPY --from=layers /out/layers/application/ /app/',
    ]);
    expect(lines.at(-1)).toBe('CMD ["app.jar"]');
  });

  test.each([
    ['3.2.4', 'org.springframework.boot.loader.launch.JarLauncher'],
    ['2.7.18', 'org.springframework.boot.loader.JarLauncher'],
  ])('Spring Boot %s extracts a directory for its launcher', (version, launcher) => {
    const parent = `<parent><artifactId>spring-boot-starter-parent</artifactId><version>${version}</version></parent>`;
    const lines = rendered({ ...PROJECT, 'pom.xml': pom(parent + plugin('spring-boot-maven-plugin')) });
    expect(lines.at(-1)).toBe(`CMD ["${launcher}"]`);
    expect(lines).toContain('ENTRYPOINT ["/usr/bin/java"]');
  });

  test('a version of Spring Boot may be a property', () => {
    const version = '<properties><spring.version>2.7.18</spring.version></properties>';
    const parent =
      '<parent><artifactId>spring-boot-starter-parent</artifactId><version>${spring.version}</version></parent>';
    const files = { ...PROJECT, 'pom.xml': pom(version + parent + plugin('spring-boot-maven-plugin')) };
    expect(rendered(files).at(-1)).toBe('CMD ["org.springframework.boot.loader.JarLauncher"]');
  });

  test('a module of several is built with those that it needs', () => {
    const files = {
      'pom.xml': pom('<modules><module>api</module></modules>'),
      'api/pom.xml': pom(),
      [`api/${MAIN}`]: '',
    };
    const text = rendered(files, { module: 'api', mainClass: 'com.example.Main' }).join('\n');
    expect(text).toContain('--projects api --also-make package');
    expect(text).toContain('find api/target -maxdepth 1');
  });

  test('modules that need each other are packaged together, in one go', () => {
    const files = {
      'pom.xml': pom('<modules><module>api</module></modules>'),
      'api/pom.xml': pom(),
      [`api/${MAIN}`]: '',
    };
    const text = rendered(files, { module: 'api', mainClass: 'com.example.Main' }).join('\n');
    expect(text.match(/mvn /g)).toHaveLength(1);
    expect(text).toContain('COPY --from=build /out/lib /app/lib');
  });

  test('what Maven is told by the project is there before the libraries are fetched', () => {
    const lines = rendered({ ...PROJECT, '.mvn/maven.config': '-T1C' }, { mainClass: 'com.example.Main' });
    expect(lines.slice(0, 4)).toEqual([
      'FROM --platform=$BUILDPLATFORM maven:3.9-eclipse-temurin-25 AS dependencies',
      'WORKDIR /src',
      'COPY .mvn ./.mvn',
      'COPY pom.xml ./',
    ]);
  });

  test('is the one of the wrapper when there is one, unless the builder’s is asked for', () => {
    const files = { ...PROJECT, mvnw: '', '.mvn/wrapper/maven-wrapper.properties': '' };
    const text = (props: Partial<JavaImageProps>) =>
      rendered(files, { mainClass: 'com.example.Main', ...props }).join('\n');
    expect(text({})).toContain('sh ./mvnw --batch-mode');
    expect(text({})).toContain('--mount=type=cache,target=/root/.m2/wrapper,sharing=locked');
    expect(text({ wrapper: false })).not.toMatch(/sh \.\/mvnw|m2\/wrapper/);
  });

  test('the directory that Quarkus makes is copied in the order of change, and its jar started', () => {
    const lines = rendered({ ...PROJECT, 'pom.xml': pom(plugin('quarkus-maven-plugin')) });
    expect(lines.filter((line) => line.startsWith('COPY --from=build'))).toEqual([
      'COPY --from=build /out/layers/lib/ /app/lib/',
      'COPY --from=build /out/layers/quarkus-run.jar /app/quarkus-run.jar',
      'COPY --from=build /out/layers/quarkus/ /app/quarkus/',
      'COPY --from=build /out/layers/app/ /app/app/',
    ]);
    expect(lines.at(-1)).toBe('CMD ["quarkus-run.jar"]');
  });

  test('packages may be named like the output of the build', () => {
    const image = define(
      { ...PROJECT, 'src/main/java/com/example/build/Main.java': '', 'build/old.jar': '' },
      {
        mainClass: 'com.example.build.Main',
      },
    );
    expect(image.dockerfile).toContain('com.example.build.Main');
  });

  test.each([
    ['the earliest that jars know', 0, '', ' -Dproject.build.outputTimestamp=1980-01-01T00:00:02Z package'],
    ['the one that is asked for', 1700000000, '', ' -Dproject.build.outputTimestamp=2023-11-14T22:13:20Z package'],
    [
      'its own',
      0,
      '<project.build.outputTimestamp>1</project.build.outputTimestamp>',
      '--no-transfer-progress package',
    ],
  ])('the files in its jars have a time: %s', (_, sourceDateEpoch, property, words) => {
    const files = { ...PROJECT, 'pom.xml': pom(property) };
    expect(rendered(files, { mainClass: 'com.example.Main', sourceDateEpoch }).join('\n')).toContain(words);
  });

  test('credentials lie where Maven looks for them', () => {
    const lines = rendered(PROJECT, { mainClass: 'com.example.Main', buildSecrets: { 'settings.xml': 'src=x' } });
    expect(lines.filter((line) => line.includes('id=settings.xml,target=/root/.m2/settings.xml'))).toHaveLength(2);
  });
});

test('of two builds in a directory, the one is taken that is not excluded', () => {
  const files = { ...PROJECT, 'build.gradle': '', 'settings.gradle': '' };
  const first = (exclude: string[]) => rendered(files, { mainClass: 'com.example.Main', exclude })[0];
  expect(first(['build.gradle', 'settings.gradle'])).toContain('maven:3.9');
  expect(first(['*.gradle'])).toContain('maven:3.9');
  expect(first(['pom.xml'])).toContain('gradle:9');
});

describe('Gradle', () => {
  const KOTLIN = 'plugins { application }\napplication { mainClass.set("com.example.Main") }\n';

  test('lays the program out with its libraries', () => {
    const lines = rendered({ 'build.gradle.kts': KOTLIN, [MAIN]: '' });
    expect(lines[0]).toBe('FROM --platform=$BUILDPLATFORM gradle:9-jdk25 AS build');
    expect(lines.join('\n')).toContain('gradle --no-daemon installDist');
    expect(lines.at(-1)).toBe('CMD ["-cp", "app.jar:lib/*", "com.example.Main"]');
  });

  test('is the one of the wrapper when there is one', () => {
    const files = { 'build.gradle.kts': KOTLIN, [MAIN]: '', gradlew: '', 'gradle/wrapper/gradle-wrapper.jar': '' };
    expect(rendered(files).join('\n')).toContain('sh ./gradlew --no-daemon installDist');
  });

  test.each([
    ["plugins { id 'org.springframework.boot' version '3.5.7' }", 'bootJar'],
    ["plugins { id 'com.gradleup.shadow' version '9.2.2' }", 'shadowJar'],
  ])('%s makes the jar with %s', (text, task) => {
    expect(rendered({ 'build.gradle': text, [MAIN]: '' }).join('\n')).toContain(`--no-daemon ${task}`);
  });
});

describe('on a base without Java', () => {
  const base = DistrolessBase.JAVA_BASE;

  test('the program brings one of the modules that its jars ask for', () => {
    const lines = rendered(PROJECT, { base, mainClass: 'com.example.Main', javaModules: ['jdk.localedata'] });
    expect(lines.slice(lines.indexOf('FROM build AS modules'))).toEqual([
      'FROM build AS modules',
      'COPY .distroless/RuntimeModules.java /tmp/',
      'RUN java -XX:TieredStopAtLevel=1 /tmp/RuntimeModules.java /out/app.jar /out/lib > /out/modules && cat /out/modules',
      'FROM maven:3.9-eclipse-temurin-25 AS runtime',
      'USER root',
      'COPY --from=modules /out/modules /out/modules',
      expect.stringMatching(
        /^RUN jlink --add-modules ".*,jdk\.localedata" .* --output \/opt\/jre && \/opt\/jre\/bin\/java -Xshare:dump$/,
      ),
      'FROM gcr.io/distroless/java-base-debian13:nonroot',
      'COPY --from=runtime /opt/jre /opt/jre',
      'COPY --from=dependencies /out/lib /app/lib',
      'COPY --from=build /out/app.jar /app/app.jar',
      'ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError"',
      'LABEL org.opencontainers.image.base.name=gcr.io/distroless/java-base-debian13:nonroot',
      'WORKDIR /app',
      'USER 65532',
      'ENTRYPOINT ["/opt/jre/bin/java"]',
      'CMD ["-cp", "app.jar:lib/*", "com.example.Main"]',
    ]);
  });

  test.each([
    ['spring-boot-maven-plugin', 'FROM layers AS modules', '/out/layers >'],
    ['quarkus-maven-plugin', 'FROM build AS modules', '/out/layers >'],
    ['maven-shade-plugin', 'FROM build AS modules', '/out/app.jar >'],
  ])('the jars of %s are asked, and started by it', (name, stage, asked) => {
    const lines = rendered({ ...PROJECT, 'pom.xml': pom(plugin(name)) }, { base });
    expect(lines).toContain(stage);
    expect(lines.find((line) => line.includes('RuntimeModules.java /out'))).toContain(asked);
    expect(lines).toContain('ENTRYPOINT ["/opt/jre/bin/java", "-jar"]');
  });

  test('the health probe runs on it', () => {
    const image = define(PROJECT, { base, mainClass: 'com.example.Main', healthProbe: true });
    expect(image.healthProbe?.[0]).toBe('/opt/jre/bin/java');
    expect(image.dockerfile).toContain('javac --release 17');
  });
});

test('the builder is of the image’s architecture when libraries come from it', () => {
  const lines = rendered(PROJECT, { mainClass: 'com.example.Main', sharedLibraries: ['libpq.so.5'] });
  expect(lines.join('\n')).not.toContain('$BUILDPLATFORM');
});

test('options of the virtual machine can be given, or left to the base', () => {
  const environment = (jvmOptions: string[]) =>
    rendered(PROJECT, { mainClass: 'com.example.Main', jvmOptions }).find((line) => line.startsWith('ENV'));
  expect(environment(['-Xmx1g', '-XX:+UseZGC'])).toBe('ENV JAVA_TOOL_OPTIONS="-Xmx1g -XX:+UseZGC"');
  expect(environment([])).toBeUndefined();
});

describe('a wrong prop is refused with path, prop, value and change', () => {
  test.each<[string, Record<string, string | object>, Partial<JavaImageProps>, string]>([
    ['no build file', { [MAIN]: '' }, {}, 'there is neither a pom.xml nor a build.gradle in it'],
    ['two build files', { ...PROJECT, 'build.gradle': '' }, {}, 'there are both pom.xml and build.gradle in it'],
    ['no main class', PROJECT, {}, 'mainClass: neither the prop nor pom.xml names one'],
    [
      'a main class without sources',
      PROJECT,
      { mainClass: 'org.other.Main' },
      "mainClass 'org.other.Main': there are no sources of its package",
    ],
    [
      'a newer Java than the base',
      { ...PROJECT, 'pom.xml': pom('<java.version>25</java.version>') },
      { base: DistrolessBase.JAVA_21 },
      'it has Java 21, and pom.xml compiles for Java 25',
    ],
    [
      'a newer Java than the builder',
      { ...PROJECT, 'pom.xml': pom('<java.version>25</java.version>') },
      { builder: 'maven:3.9-eclipse-temurin-21' },
      "builder 'maven:3.9-eclipse-temurin-21': it has Java 21, and pom.xml compiles for Java 25",
    ],
    ['a jar outside', PROJECT, { jar: '../app.jar' }, "jar '../app.jar': it lies outside"],
    ['a module that is not there', PROJECT, { module: 'api' }, 'there is no api/pom.xml in it; name the module'],
    [
      'a wrapper that lacks a part',
      { 'build.gradle': '', gradlew: '', [MAIN]: '' },
      {},
      'wrapper: there is no gradle/wrapper/gradle-wrapper.jar in',
    ],
    ['a wrapper that is not there', PROJECT, { wrapper: true }, 'wrapper true: there is no mvnw in'],
    ['modules for a base with Java', PROJECT, { javaModules: ['jdk.zipfs'] }, 'has a Java of its own'],
    [
      'a base without Java',
      PROJECT,
      { base: DistrolessBase.CC, packaging: JavaPackaging.FAT_JAR },
      'it does not bring java',
    ],
  ])('%s', (_, files, props, message) => {
    expect(() => define(files, props)).toThrow(message);
  });
});
