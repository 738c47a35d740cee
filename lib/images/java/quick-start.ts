import { cacheMount } from '../dockerfile-text';

/** Where archives lie; a cache, which is no part of any image. */
const FOLDER = '/var/cache/java';

/** The first release of Java that makes such an archive, and makes it anew where it does not fit, by itself: JDK-8261455. */
const FIRST_JAVA = 19;

/** What a build step needs so that Maven starts quickly. */
export interface QuickStart {
  /** What the step's comment adds for it. */
  readonly comment: string;
  readonly mounts: readonly string[];
  /** What comes before Maven. */
  readonly commands: readonly string[];
  /** What stands before the command, to set its environment. */
  readonly prefix: string;
}

const NONE: QuickStart = { comment: '', mounts: [], commands: [], prefix: '' };

/**
 * Keeps the classes of Maven, its plugins and the compiler between builds, as the virtual machine has them once they are loaded:
 * most of what Maven does after a changed line is to load and verify them.
 *
 * The virtual machine checks an archive against its own release, the class path, and the bytes of each class that it takes from it. The
 * options stand before those of the project, so that `-XX:-AutoCreateSharedArchive` among its own ends this.
 *
 * @param java - the release that the builder has, where its name tells it
 * @param extended - whether Maven runs code of extensions, which may need what the options leave out
 */
export function quickStart(java: string | undefined, tool: 'mvn' | 'mvnw', extended: boolean): QuickStart {
  if (java === undefined || Number(java) < FIRST_JAVA) return NONE;
  const archive = `${FOLDER}/${tool}-${java}.jsa`;
  return {
    comment: ' Maven starts from an archive of its loaded classes, which a cache keeps between builds.',
    mounts: [cacheMount(FOLDER, 'locked')],
    commands: [removeUnfinished(archive)],
    prefix: `MAVEN_OPTS="${options(archive, extended).join(' ')} $MAVEN_OPTS" `,
  };
}

/** The first bytes are written last. An archive without them would not be made anew, and be in the way of the one that Java has itself. */
function removeUnfinished(archive: string): string {
  return `if [ -z "$(head -c 1 ${archive} 2>/dev/null | tr -d '\\0')" ]; then rm -f ${archive}; fi`;
}

function options(archive: string, extended: boolean): string[] {
  return [
    '-XX:+AutoCreateSharedArchive',
    `-XX:SharedArchiveFile=${archive}`,
    // Without it, a project that has Maven run with an agent would not be built. Diagnostic options may go with any release.
    '-XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:+AllowArchivingWithJavaAgent',
    // Names each class that cannot be kept.
    '-Xlog:cds=off,cds+dynamic=off',
    // The collector that starts no threads; said in this way, it is no contradiction to the one that a project names. Beside an option
    // for the compilers, as `FIRST_COMPILER` is one, it means no more; without, there would be less room for compiled code.
    '-XX:+NeverActAsServerClassMachine',
    // Guice otherwise generates a class for each constructor that it calls once. Without, it refuses interceptors, and Maven itself has
    // none: https://github.com/google/guice/wiki/Guice501
    ...(extended ? [] : ['-Dguice_bytecode_gen_option=DISABLED']),
  ];
}
