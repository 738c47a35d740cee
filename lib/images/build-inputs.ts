import { secretMount } from './dockerfile-text';
import type { Project } from './project';

/** Arguments that BuildKit knows without a declaration. */
const PREDEFINED =
  /^(https?_proxy|ftp_proxy|no_proxy|all_proxy|BUILDKIT_.*|TARGET.*|BUILD(PLATFORM|OS|ARCH|VARIANT))$/i;

/** Declares the user's build arguments in a stage, where its commands see them as environment variables. */
export function buildArguments(project: Project): string[] {
  const names = Object.keys(project.props.buildArgs ?? {}).filter((name) => !PREDEFINED.test(name));
  const epoch = project.props.sourceDateEpoch === undefined ? [] : ['SOURCE_DATE_EPOCH'];
  return [...names, ...epoch].map((name) => `ARG ${name}`);
}

/**
 * Mounts the user's build secrets, and SSH agent, for a command.
 *
 * A secret whose id is a well-known one lies where the tools of the language look for it; the others at `/run/secrets/<id>`.
 */
export function secretMounts(project: Project, wellKnown: Readonly<Record<string, string>>): string[] {
  const ids = Object.keys(project.props.buildSecrets ?? {});
  const ssh = project.props.buildSsh === undefined ? [] : ['type=ssh'];
  return [...ids.map((id) => secretMount(id, wellKnown[id] ?? `/run/secrets/${id}`)), ...ssh];
}

/**
 * The platform of a builder whose output runs on any, or which compiles for others: the machine's own, so that no build is emulated.
 *
 * Libraries that the image takes from the builder must be those of its own architecture.
 */
export function buildPlatform({ props }: Project): string | undefined {
  return (props.sharedLibraries ?? []).length > 0 ? undefined : '$BUILDPLATFORM';
}
