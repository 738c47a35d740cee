import type { Rule } from './rule';
import { DEBUG_VARIANT } from './rules/debug-variant';
import { DOUBLED_ENTRYPOINT } from './rules/doubled-entrypoint';
import { END_OF_LIFE_BASE } from './rules/end-of-life-base';
import { EXECUTE_COMMAND } from './rules/execute-command';
import { EXPIRED_EXCEPTION } from './rules/expired-exception';
import { NON_DISTROLESS_BASE } from './rules/non-distroless-base';
import { PACKAGE_MANAGER } from './rules/package-manager';
import { PLATFORM_MISMATCH } from './rules/platform-mismatch';
import { ROOT_USER } from './rules/root-user';
import { SHELL } from './rules/shell';
import { SHELL_COMMAND } from './rules/shell-command';
import { UNPINNED_BASE } from './rules/unpinned-base';
import { UNPROVEN } from './rules/unproven';
import { WRITABLE_ROOT } from './rules/writable-root';

/** Every rule, in the order of the index. */
export const RULES: readonly Rule[] = [
  NON_DISTROLESS_BASE,
  SHELL,
  PACKAGE_MANAGER,
  DEBUG_VARIANT,
  UNPROVEN,
  SHELL_COMMAND,
  DOUBLED_ENTRYPOINT,
  PLATFORM_MISMATCH,
  ROOT_USER,
  END_OF_LIFE_BASE,
  EXPIRED_EXCEPTION,
  WRITABLE_ROOT,
  UNPINNED_BASE,
  EXECUTE_COMMAND,
];
