import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { App } from 'aws-cdk-lib';
import { PlatformStack } from '../../../examples/platform/package';
import { freshDirectory, sourceDirectory } from '../../images/source-directory';

/** Source code of the example, for services of tests. */
export const SOURCES = join(__dirname, '../../../examples/platform/services');

/** A service file of the given text. */
export function serviceFile(text: string): string {
  return join(sourceDirectory({ 'services.yaml': text.replaceAll('SOURCES', SOURCES) }), 'services.yaml');
}

/** A platform with the services of a file of the given text. */
export function platformOf(text: string, app = new App({ outdir: join(freshDirectory(), 'cdk.out') })): PlatformStack {
  return new PlatformStack(app, 'Platform', serviceFile(text), { env: { region: 'eu-west-1' } });
}

interface ValidationReport {
  readonly pluginReports: ReadonlyArray<{ readonly violations: ReadonlyArray<{ readonly ruleName: string }> }>;
}

/** What all that watches over an app has found, without what is acknowledged; synthesizes the app. */
export function findingsOf(stack: Stack): string[] {
  const { directory } = (stack.node.root as App).synth();
  const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as ValidationReport;
  return report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
}
