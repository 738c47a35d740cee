import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { BuildTool, DistrolessBase } from '../../bases/distroless-base';
import { BaseRuntime } from '../../bases/distroless-base';
import { copy, run } from '../dockerfile-text';
import type { StageText } from '../dockerfile-text';
import type { Project } from '../project';
import type { StagedContext } from '../staged-context';
import { FIRST_COMPILER } from './java-build';

/** Where a runtime of the program's own lies, in the stage that makes it and in the image. */
export const OWN_RUNTIME = '/opt/jre';

/** The stage that makes the runtime. */
export const RUNTIME_STAGE = 'runtime';

const MODULES = '/out/modules';

/** Program beside this file. */
const ASKS_FOR_MODULES = 'RuntimeModules.java';

/** Whether the base leaves it to the program to bring Java. */
export function bringsOwnRuntime({ runtime }: DistrolessBase): boolean {
  return runtime === BaseRuntime.JAVA_LIBRARIES;
}

/** What starts Java in the image. */
export function javaCommand(base: DistrolessBase): string {
  return bringsOwnRuntime(base) ? posix.join(OWN_RUNTIME, 'bin/java') : (base.entrypoint[0] ?? 'java');
}

export interface OwnRuntimeOptions {
  /** The builder, which has the whole of Java. */
  readonly tool: BuildTool;
  /** The stage that has the jars of the program. */
  readonly stage: string;
  /** The jars, or folders that they are below of. */
  readonly jars: readonly string[];
  /** Modules besides those that the jars ask for. */
  readonly modules?: readonly string[];
}

/**
 * Makes a Java of the modules that the program needs.
 *
 * In two stages: the modules are asked for after each change of the program, but as long as they stay the same, the runtime does too.
 * The archive of loaded classes shortens each start of the program.
 */
export function ownRuntime(project: Project, options: OwnRuntimeOptions, context: StagedContext): StageText[] {
  const { tool, stage, jars, modules } = options;
  const file = `.distroless/${ASKS_FOR_MODULES}`;
  context.write(file, readFileSync(join(__dirname, ASKS_FOR_MODULES), 'utf8'));
  const ask = `java ${FIRST_COMPILER} /tmp/${ASKS_FOR_MODULES} ${jars.join(' ')} > ${MODULES}`;
  return [
    {
      comment: 'The modules of Java that the program needs.',
      from: stage,
      name: 'modules',
      instructions: [copy([file], '/tmp/'), run([ask, `cat ${MODULES}`])],
    },
    {
      comment: 'Java with these modules.',
      from: project.builder(tool),
      name: RUNTIME_STAGE,
      instructions: ['USER root', copy([MODULES], MODULES, 'modules'), run(link(modules))],
    },
  ];
}

/** TLS with elliptic curves is a module of its own before Java 22; nothing names it, as it is found as a service. */
const CURVES = "java --list-modules | sed -n 's/^\\(jdk.crypto.ec\\)@.*/,\\1/p'";

function link(others: readonly string[] = []): string[] {
  const modules = [`$(cat ${MODULES})$(${CURVES})`, ...others].join(',');
  const smaller = '--strip-java-debug-attributes --no-header-files --no-man-pages';
  return [
    `jlink --add-modules "${modules}" ${smaller} --output ${OWN_RUNTIME}`,
    `${OWN_RUNTIME}/bin/java -Xshare:dump`,
  ];
}
