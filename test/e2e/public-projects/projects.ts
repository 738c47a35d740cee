import { DOTNET_PROJECTS } from './dotnet';
import { GO_PROJECTS } from './go';
import { JAVA_PROJECTS } from './java';
import { NODEJS_PROJECTS } from './nodejs';
import type { PublicProject } from './public-project';
import { PYTHON_PROJECTS } from './python';
import { RUST_PROJECTS } from './rust';

const ALL_PROJECTS: readonly PublicProject[] = [
  ...NODEJS_PROJECTS,
  ...PYTHON_PROJECTS,
  ...GO_PROJECTS,
  ...JAVA_PROJECTS,
  ...RUST_PROJECTS,
  ...DOTNET_PROJECTS,
];

/** The projects that public-projects.test.ts builds and runs. */
export const PROJECTS = ALL_PROJECTS.filter(({ obstacle }) => obstacle === undefined);

/** The projects that it shows as skipped. */
export const SKIPPED_PROJECTS = ALL_PROJECTS.filter(({ obstacle }) => obstacle !== undefined);
