import { App } from 'aws-cdk-lib';
import { PlatformStack } from '@example/platform';

new PlatformStack(new App(), 'Services', 'services.yaml', { env: { region: 'eu-west-1' } });
