/** Four services in four languages, behind one load balancer, and not a shell among them. */
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { PlatformStack } from './package';

/** Defines what `services.yaml` declares, on the platform and under its guard. */
export function platform(app: App): PlatformStack {
  return new PlatformStack(app, 'Platform', join(__dirname, 'services.yaml'), { env: { region: 'eu-west-1' } });
}

if (require.main === module) {
  platform(new App());
}
