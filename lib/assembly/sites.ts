import type { ImageUse } from '../policy/image-use';
import type { SettingsReader } from './run-settings';
import {
  agentRuntimeSettings,
  appRunnerSettings,
  batchSettings,
  commandSettings,
  ecsSettings,
  functionSettings,
  podSettings,
  processingSettings,
} from './run-settings';

/**
 * Where images stand in one kind of resource, and what they do there.
 *
 * The rows were found by walking every property of the CloudFormation specification (aws-service-spec 0.1.229). To cover a new
 * service, add a row.
 */
export interface ImageSite {
  readonly types: readonly string[];
  readonly role: ImageUse['role'];
  /** Property paths of image references; `[]` is every element of a list, `{}` every member of a map. */
  readonly images?: readonly string[];
  /** Properties that hold a whole document with images in it. */
  readonly documents?: Readonly<Record<string, 'kubernetes' | 'helm'>>;
  /** How the settings that an image runs with are read; none when the service lets nobody set them. */
  readonly settings?: SettingsReader;
}

const sageMakerJobs = ['DataQuality', 'ModelBias', 'ModelExplainability', 'ModelQuality'];

export const SITES: readonly ImageSite[] = [
  {
    types: ['AWS::ECS::TaskDefinition', 'AWS::ECS::DaemonTaskDefinition'],
    role: 'service',
    images: ['ContainerDefinitions[].Image'],
    settings: ecsSettings,
  },
  {
    types: ['AWS::ECS::ExpressGatewayService'],
    role: 'service',
    images: ['PrimaryContainer.Image'],
    settings: commandSettings,
  },
  { types: ['AWS::Lambda::Function'], role: 'function', images: ['Code.ImageUri'], settings: functionSettings },
  { types: ['AWS::Serverless::Function'], role: 'function', images: ['ImageUri'], settings: functionSettings },
  {
    types: ['AWS::Batch::JobDefinition'],
    role: 'job',
    images: [
      'ContainerProperties.Image',
      'EcsProperties.TaskProperties[].Containers[].Image',
      'NodeProperties.NodeRangeProperties[].Container.Image',
      'NodeProperties.NodeRangeProperties[].EcsProperties.TaskProperties[].Containers[].Image',
    ],
    settings: batchSettings,
  },
  {
    types: ['AWS::Batch::JobDefinition'],
    role: 'job',
    images: [
      'NodeProperties.NodeRangeProperties[].EksProperties.PodProperties.Containers[].Image',
      'NodeProperties.NodeRangeProperties[].EksProperties.PodProperties.InitContainers[].Image',
      'EksProperties.PodProperties.Containers[].Image',
      'EksProperties.PodProperties.InitContainers[].Image',
    ],
    settings: podSettings,
  },
  {
    types: ['AWS::AppRunner::Service'],
    role: 'service',
    images: ['SourceConfiguration.ImageRepository.ImageIdentifier'],
    settings: appRunnerSettings,
  },
  {
    types: ['AWS::BedrockAgentCore::Runtime'],
    role: 'service',
    images: ['AgentRuntimeArtifact.ContainerConfiguration.ContainerUri'],
    settings: agentRuntimeSettings,
  },
  {
    types: ['AWS::BedrockAgentCore::Harness'],
    role: 'service',
    images: ['EnvironmentArtifact.ContainerConfiguration.ContainerUri'],
  },
  {
    types: ['AWS::Lightsail::Container'],
    role: 'service',
    images: ['ContainerServiceDeployment.Containers[].Image'],
    settings: commandSettings,
  },
  {
    types: ['AWS::GameLift::ContainerGroupDefinition'],
    role: 'service',
    images: ['GameServerContainerDefinition.ImageUri', 'SupportContainerDefinitions[].ImageUri'],
  },
  {
    types: ['AWS::ElasticBeanstalk::ApplicationVersion'],
    role: 'service',
    images: ['ImageConfiguration.Source.Uri'],
  },
  { types: ['AWS::ElasticBeanstalk::ApplicationVersion'], role: 'build', images: ['BuildConfiguration.Image'] },
  {
    types: ['AWS::EMRServerless::Application'],
    role: 'job',
    images: ['ImageConfiguration.ImageUri', 'WorkerTypeSpecifications{}.ImageConfiguration.ImageUri'],
  },
  { types: ['AWS::SageMaker::Model'], role: 'service', images: ['PrimaryContainer.Image', 'Containers[].Image'] },
  {
    types: ['AWS::SageMaker::InferenceComponent'],
    role: 'service',
    images: ['Specification.Container.Image', 'Specifications[].Container.Image'],
  },
  {
    types: ['AWS::SageMaker::ModelPackage'],
    role: 'service',
    images: [
      'InferenceSpecification.Containers[].Image',
      'AdditionalInferenceSpecifications[].Containers[].Image',
      'AdditionalInferenceSpecificationsToAdd[].Containers[].Image',
    ],
  },
  {
    types: ['AWS::SageMaker::Algorithm'],
    role: 'job',
    images: ['TrainingSpecification.TrainingImage', 'InferenceSpecification.Containers[].Image'],
  },
  {
    types: ['AWS::SageMaker::ProcessingJob'],
    role: 'job',
    images: ['AppSpecification.ImageUri'],
    settings: processingSettings,
  },
  ...sageMakerJobs.map((kind): ImageSite => ({
    types: [`AWS::SageMaker::${kind}JobDefinition`],
    role: 'job',
    images: [`${kind}AppSpecification.ImageUri`],
    settings: processingSettings,
  })),
  {
    types: ['AWS::SageMaker::MonitoringSchedule'],
    role: 'job',
    images: ['MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification.ImageUri'],
    settings: processingSettings,
  },
  // A notebook is a shell with pictures: people type commands into it.
  { types: ['AWS::SageMaker::ImageVersion'], role: 'interactive', images: ['BaseImage'] },
  // Documentation: the images named in a model card are not run.
  { types: ['AWS::SageMaker::ModelCard'], role: 'unknown' },
  {
    types: ['AWS::CleanRoomsML::ConfiguredModelAlgorithm'],
    role: 'job',
    images: ['TrainingContainerConfig.ImageUri', 'InferenceContainerConfig.ImageUri'],
  },
  { types: ['AWS::IoTSiteWise::Task'], role: 'job', images: ['TaskConfiguration.ContainerTaskConfiguration.EcrUri'] },
  { types: ['AWS::IoTAnalytics::Dataset'], role: 'job', images: ['Actions[].ContainerAction.Image'] },
  {
    types: ['AWS::RoboMaker::RobotApplication', 'AWS::RoboMaker::SimulationApplication'],
    role: 'job',
    images: ['Environment'],
  },
  {
    types: ['AWS::Omics::Workflow', 'AWS::Omics::WorkflowVersion'],
    role: 'job',
    images: [
      'ContainerRegistryMap.ImageMappings[].SourceImage',
      'ContainerRegistryMap.ImageMappings[].DestinationImage',
      'ContainerRegistryMapUri',
    ],
  },
  { types: ['AWS::CodeBuild::Project'], role: 'build', images: ['Environment.Image'] },
  {
    types: ['AWS::ImageBuilder::ContainerRecipe'],
    role: 'build',
    images: ['ParentImage', 'InstanceConfiguration.Image'],
  },
  {
    // The latter is of the public registry of types, and takes YAML as well, which is not taken apart.
    types: ['Custom::AWSCDK-EKS-KubernetesResource', 'AWSQS::Kubernetes::Resource'],
    role: 'service',
    documents: { Manifest: 'kubernetes' },
  },
  { types: ['Custom::AWSCDK-EKS-HelmChart'], role: 'service', documents: { Values: 'helm' } },
  {
    types: ['Custom::AWSCDK-EKS-KubernetesPatch'],
    role: 'service',
    documents: { ApplyPatchJson: 'kubernetes', RestorePatchJson: 'kubernetes' },
  },
];

const BY_TYPE = new Map<string, ImageSite[]>();
for (const site of SITES) for (const type of site.types) BY_TYPE.set(type, [...(BY_TYPE.get(type) ?? []), site]);

/** The rows of a resource type; undefined when nothing is known of images in it. */
export function sitesOf(resourceType: string): readonly ImageSite[] | undefined {
  return BY_TYPE.get(resourceType);
}
