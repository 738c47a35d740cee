import type { App, StackProps } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { Foundation } from './foundation';
import { PlatformGuard } from './guard';
import { Job } from './job';
import type { DeclaredService } from './service-file/declarations';
import { declaredImage } from './service-file/declared-image';
import { ServiceFile } from './service-file/service-file';
import { WebService } from './web-service';
import { Worker } from './worker';

/** A platform, and the services of a file on it. */
export class PlatformStack extends Stack {
  /**
   * @param app The app, which is held against the platform's policy from here on.
   * @param file The service file: `services.yaml`. Directories in it are relative to it.
   * @throws Error that tells of everything in the file that is not in order, by line and path.
   */
  public constructor(app: App, id: string, file: string, props: StackProps = {}) {
    const services = new ServiceFile(file);
    new PlatformGuard(app, services.declarations.policy);
    super(app, id, { description: 'Services without a shell', ...props });
    const foundation = new Foundation(this, 'Foundation');
    for (const [name, service] of Object.entries(services.declarations.services)) {
      services.for(name, () => this.define(name, service, foundation, services));
    }
  }

  private define(name: string, declared: DeclaredService, foundation: Foundation, services: ServiceFile): void {
    const { architecture } = services.declarations;
    const scope = new Construct(this, pascalCase(name));
    const source = { ...declared.image, directory: services.locate(declared.image.directory) };
    const image = declaredImage(
      scope,
      source,
      architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
    );
    switch (declared.template) {
      case 'web':
        new WebService(scope, 'Web', { ...declared, foundation, image });
        break;
      case 'worker':
        new Worker(scope, 'Worker', { ...declared, foundation, image });
        break;
      case 'job':
        new Job(scope, 'Job', { ...declared, foundation, image });
    }
  }
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}
