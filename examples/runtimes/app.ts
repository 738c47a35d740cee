/** Images without a shell where no construct of ours runs them: AWS Batch, App Runner, Bedrock AgentCore. */
import { join } from 'node:path';
import { App, Size, Stack, Validations } from 'aws-cdk-lib';
import * as apprunner from 'aws-cdk-lib/aws-apprunner';
import * as batch from 'aws-cdk-lib/aws-batch';
import * as agentcore from 'aws-cdk-lib/aws-bedrockagentcore';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DistrolessChecks, NodejsImage, PythonImage, RuleSeverity } from '../../lib';

const SERVICES = join(__dirname, 'services');

/** Jobs name their user and their root file system as tasks do; CDK has a prop for each. */
class BatchStack extends Stack {
  public constructor(app: App) {
    super(app, 'Batch');
    const architecture = CpuArchitecture.ARM64;
    const directory = join(SERVICES, 'report');
    const image = new PythonImage(this, 'Image', { directory, main: 'report.py', architecture });
    new batch.EcsJobDefinition(this, 'Report', {
      container: new batch.EcsFargateContainerDefinition(this, 'Container', {
        image: image.toContainerImage(),
        cpu: 0.25,
        memory: Size.gibibytes(1),
        user: '65532:65532',
        readonlyRootFilesystem: true,
        fargateCpuArchitecture: architecture,
      }),
    });
  }
}

/** App Runner takes an image of a registry, on x86 only, and asks it over HTTP for its health. */
class AppRunnerStack extends Stack {
  public constructor(app: App) {
    super(app, 'AppRunner');
    const architecture = CpuArchitecture.X86_64;
    const image = new NodejsImage(this, 'Image', { directory: join(SERVICES, 'agent'), architecture });
    const pulling = new Role(this, 'Pulling', {
      assumedBy: new ServicePrincipal('build.apprunner.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSAppRunnerServicePolicyForECRAccess')],
    });
    new apprunner.CfnService(this, 'Service', {
      sourceConfiguration: {
        authenticationConfiguration: { accessRoleArn: pulling.roleArn },
        imageRepository: {
          imageIdentifier: image.imageUri,
          imageRepositoryType: 'ECR',
          imageConfiguration: { port: '8080' },
        },
      },
      healthCheckConfiguration: { protocol: 'HTTP', path: '/ping' },
    });
  }
}

/** AgentCore runs on ARM only. */
class AgentCoreStack extends Stack {
  public constructor(app: App) {
    super(app, 'AgentCore');
    const architecture = CpuArchitecture.ARM64;
    const { asset } = new NodejsImage(this, 'Image', { directory: join(SERVICES, 'agent'), architecture });
    new agentcore.Runtime(this, 'Agent', {
      runtimeName: 'agent',
      agentRuntimeArtifact: agentcore.AgentRuntimeArtifact.fromEcrRepository(asset.repository, asset.imageTag),
    });
  }
}

/** Defines one stack for each. */
export function runtimes(app: App): void {
  // Each build is to have the newest security updates of its base.
  const policy = { severities: { UnpinnedBase: RuleSeverity.OFF } };
  Validations.of(app).addPlugins(new DistrolessChecks(app, policy));
  new BatchStack(app);
  new AppRunnerStack(app);
  new AgentCoreStack(app);
}

if (require.main === module) {
  runtimes(new App());
}
