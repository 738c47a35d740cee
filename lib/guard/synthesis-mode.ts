import { FeatureFlags } from 'aws-cdk-lib';
import {
  ANNOTATIONS_IN_VALIDATION_REPORT,
  CDK_APP_MODE_CONTEXT,
  CDK_APP_MODE_ENV,
  FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT,
} from 'aws-cdk-lib/cx-api';
import type { IConstruct } from 'constructs';

/** Whether the CLI runs the app: it then shows what is wrong, and does the failing. */
export function isRunByCli(construct: IConstruct): boolean {
  const fails = construct.node.root.node.tryGetContext(FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT) as unknown;
  return fails === false || fails === 'false';
}

/**
 * Whether somebody looks at the errors that constructs are annotated with: the CLI, which then fails, CDK itself, when the app has
 * it put them into its validation report, or a unit test that reads them. Else `app.synth()` returns as if nothing were wrong.
 */
export function showsAnnotations(stage: IConstruct): boolean {
  if (isRunByCli(stage)) return true;
  const reported = FeatureFlags.of(stage.node.root).isEnabled(ANNOTATIONS_IN_VALIDATION_REPORT);
  return reported === true || isReadByTest(stage);
}

/** `Annotations.fromStack(...)` synthesizes to see what constructs are annotated with, and must get to see it. */
function isReadByTest(stage: IConstruct): boolean {
  const stated = (stage.node.tryGetContext(CDK_APP_MODE_CONTEXT) as unknown) ?? process.env[CDK_APP_MODE_ENV];
  const { NODE_ENV, PYTEST_VERSION, PYTEST_CURRENT_TEST } = process.env;
  const testing = stated === 'inmemory' || NODE_ENV === 'test' || Boolean(PYTEST_VERSION ?? PYTEST_CURRENT_TEST);
  return testing && Object.keys(require.cache).some((file) => /aws-cdk-lib[\\/]assertions[\\/]/.test(file));
}
