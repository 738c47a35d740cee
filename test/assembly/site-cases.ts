import type { JsonObject } from '../../lib/assembly/json';

/** What all cases run. */
export const image = 'registry.test/app:1';
export const container = { Name: 'c', Image: image };

export type SiteCase = readonly [row: number, type: string, properties: JsonObject, expected: Record<string, string>];

/** A resource for each row of the table of sites. What is expected is `property path: role`; row numbers are those of the survey that the table was made from. */
export const SITE_CASES: readonly SiteCase[] = [
  [
    1,
    'AWS::ECS::TaskDefinition',
    { ContainerDefinitions: [container] },
    { 'ContainerDefinitions[0].Image': 'service' },
  ],
  [
    2,
    'AWS::ECS::DaemonTaskDefinition',
    { ContainerDefinitions: [container] },
    { 'ContainerDefinitions[0].Image': 'service' },
  ],
  [
    3,
    'AWS::ECS::ExpressGatewayService',
    { PrimaryContainer: { Image: image } },
    { 'PrimaryContainer.Image': 'service' },
  ],
  [4, 'AWS::Lambda::Function', { PackageType: 'Image', Code: { ImageUri: image } }, { 'Code.ImageUri': 'function' }],
  [5, 'AWS::Serverless::Function', { PackageType: 'Image', ImageUri: image }, { ImageUri: 'function' }],
  [6, 'AWS::Batch::JobDefinition', { ContainerProperties: { Image: image } }, { 'ContainerProperties.Image': 'job' }],
  [
    6,
    'AWS::Batch::JobDefinition',
    {
      EcsProperties: { TaskProperties: [{ Containers: [container] }] },
      EksProperties: { PodProperties: { Containers: [container], InitContainers: [container] } },
      NodeProperties: {
        NodeRangeProperties: [
          { Container: { Image: image } },
          { EcsProperties: { TaskProperties: [{ Containers: [container] }] } },
          { EksProperties: { PodProperties: { Containers: [container], InitContainers: [container] } } },
        ],
      },
    },
    {
      'EcsProperties.TaskProperties[0].Containers[0].Image': 'job',
      'NodeProperties.NodeRangeProperties[0].Container.Image': 'job',
      'NodeProperties.NodeRangeProperties[1].EcsProperties.TaskProperties[0].Containers[0].Image': 'job',
      'NodeProperties.NodeRangeProperties[2].EksProperties.PodProperties.Containers[0].Image': 'job',
      'NodeProperties.NodeRangeProperties[2].EksProperties.PodProperties.InitContainers[0].Image': 'job',
      'EksProperties.PodProperties.Containers[0].Image': 'job',
      'EksProperties.PodProperties.InitContainers[0].Image': 'job',
    },
  ],
  [
    7,
    'AWS::AppRunner::Service',
    { SourceConfiguration: { ImageRepository: { ImageIdentifier: image } } },
    { 'SourceConfiguration.ImageRepository.ImageIdentifier': 'service' },
  ],
  [
    8,
    'AWS::BedrockAgentCore::Runtime',
    { AgentRuntimeArtifact: { ContainerConfiguration: { ContainerUri: image } } },
    { 'AgentRuntimeArtifact.ContainerConfiguration.ContainerUri': 'service' },
  ],
  [
    9,
    'AWS::BedrockAgentCore::Harness',
    { EnvironmentArtifact: { ContainerConfiguration: { ContainerUri: image } } },
    { 'EnvironmentArtifact.ContainerConfiguration.ContainerUri': 'service' },
  ],
  [
    10,
    'AWS::Lightsail::Container',
    { ContainerServiceDeployment: { Containers: [{ ContainerName: 'c', Image: image }] } },
    { 'ContainerServiceDeployment.Containers[0].Image': 'service' },
  ],
  [
    11,
    'AWS::GameLift::ContainerGroupDefinition',
    { GameServerContainerDefinition: { ImageUri: image }, SupportContainerDefinitions: [{ ImageUri: image }] },
    { 'GameServerContainerDefinition.ImageUri': 'service', 'SupportContainerDefinitions[0].ImageUri': 'service' },
  ],
  [
    12,
    'AWS::ElasticBeanstalk::ApplicationVersion',
    { ImageConfiguration: { Source: { Uri: image } }, BuildConfiguration: { Image: image } },
    { 'ImageConfiguration.Source.Uri': 'service', 'BuildConfiguration.Image': 'build' },
  ],
  [
    13,
    'AWS::EMRServerless::Application',
    {
      ImageConfiguration: { ImageUri: image },
      WorkerTypeSpecifications: { Driver: { ImageConfiguration: { ImageUri: image } } },
    },
    { 'ImageConfiguration.ImageUri': 'job', 'WorkerTypeSpecifications.Driver.ImageConfiguration.ImageUri': 'job' },
  ],
  [
    14,
    'AWS::SageMaker::Model',
    { PrimaryContainer: { Image: image }, Containers: [{ Image: image }] },
    { 'PrimaryContainer.Image': 'service', 'Containers[0].Image': 'service' },
  ],
  [
    15,
    'AWS::SageMaker::InferenceComponent',
    { Specification: { Container: { Image: image } }, Specifications: [{ Container: { Image: image } }] },
    { 'Specification.Container.Image': 'service', 'Specifications[0].Container.Image': 'service' },
  ],
  [
    16,
    'AWS::SageMaker::ModelPackage',
    {
      InferenceSpecification: { Containers: [{ Image: image }] },
      AdditionalInferenceSpecifications: [{ Containers: [{ Image: image }] }],
      AdditionalInferenceSpecificationsToAdd: [{ Containers: [{ Image: image }] }],
    },
    {
      'InferenceSpecification.Containers[0].Image': 'service',
      'AdditionalInferenceSpecifications[0].Containers[0].Image': 'service',
      'AdditionalInferenceSpecificationsToAdd[0].Containers[0].Image': 'service',
    },
  ],
  [
    17,
    'AWS::SageMaker::Algorithm',
    { TrainingSpecification: { TrainingImage: image }, InferenceSpecification: { Containers: [{ Image: image }] } },
    { 'TrainingSpecification.TrainingImage': 'job', 'InferenceSpecification.Containers[0].Image': 'job' },
  ],
  [
    18,
    'AWS::SageMaker::ProcessingJob',
    { AppSpecification: { ImageUri: image } },
    { 'AppSpecification.ImageUri': 'job' },
  ],
  ...['DataQuality', 'ModelBias', 'ModelExplainability', 'ModelQuality'].map((kind): SiteCase => [
    19,
    `AWS::SageMaker::${kind}JobDefinition`,
    { [`${kind}AppSpecification`]: { ImageUri: image } },
    { [`${kind}AppSpecification.ImageUri`]: 'job' },
  ]),
  [
    20,
    'AWS::SageMaker::MonitoringSchedule',
    { MonitoringScheduleConfig: { MonitoringJobDefinition: { MonitoringAppSpecification: { ImageUri: image } } } },
    { 'MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringAppSpecification.ImageUri': 'job' },
  ],
  [21, 'AWS::SageMaker::ImageVersion', { BaseImage: image }, { BaseImage: 'interactive' }],
  [22, 'AWS::SageMaker::ModelCard', { Content: { ContainerImage: [image] } }, {}],
  [
    23,
    'AWS::CleanRoomsML::ConfiguredModelAlgorithm',
    { TrainingContainerConfig: { ImageUri: image }, InferenceContainerConfig: { ImageUri: image } },
    { 'TrainingContainerConfig.ImageUri': 'job', 'InferenceContainerConfig.ImageUri': 'job' },
  ],
  [
    24,
    'AWS::IoTSiteWise::Task',
    { TaskConfiguration: { ContainerTaskConfiguration: { EcrUri: image } } },
    { 'TaskConfiguration.ContainerTaskConfiguration.EcrUri': 'job' },
  ],
  [
    25,
    'AWS::IoTAnalytics::Dataset',
    { Actions: [{ ContainerAction: { Image: image } }] },
    { 'Actions[0].ContainerAction.Image': 'job' },
  ],
  [26, 'AWS::RoboMaker::RobotApplication', { Environment: image }, { Environment: 'job' }],
  [26, 'AWS::RoboMaker::SimulationApplication', { Environment: image }, { Environment: 'job' }],
  [
    27,
    'AWS::Omics::Workflow',
    { ContainerRegistryMap: { ImageMappings: [{ SourceImage: image, DestinationImage: image }] } },
    {
      'ContainerRegistryMap.ImageMappings[0].SourceImage': 'job',
      'ContainerRegistryMap.ImageMappings[0].DestinationImage': 'job',
    },
  ],
  [27, 'AWS::Omics::WorkflowVersion', { ContainerRegistryMapUri: image }, { ContainerRegistryMapUri: 'job' }],
  [28, 'AWS::CodeBuild::Project', { Environment: { Image: image } }, { 'Environment.Image': 'build' }],
  [
    29,
    'AWS::ImageBuilder::ContainerRecipe',
    { ParentImage: image, InstanceConfiguration: { Image: image } },
    { ParentImage: 'build', 'InstanceConfiguration.Image': 'build' },
  ],
  [
    30,
    'Custom::AWSCDK-EKS-KubernetesResource',
    { Manifest: JSON.stringify([{ kind: 'Pod', spec: { containers: [{ name: 'c', image }] } }]) },
    { 'Manifest[0].spec.containers[0].image': 'service' },
  ],
  [
    30,
    'AWSQS::Kubernetes::Resource',
    { Manifest: JSON.stringify({ kind: 'Pod', spec: { containers: [{ name: 'c', image }] } }) },
    { 'Manifest.spec.containers[0].image': 'service' },
  ],
  [
    31,
    'Custom::AWSCDK-EKS-HelmChart',
    { Chart: 'web', Values: JSON.stringify({ image: { repository: 'registry.test/app', tag: '1' } }) },
    { Chart: 'service', 'Values.image': 'service' },
  ],
  [
    32,
    'Custom::AWSCDK-EKS-KubernetesPatch',
    {
      ApplyPatchJson: JSON.stringify({ spec: { template: { spec: { containers: [{ name: 'c', image }] } } } }),
      RestorePatchJson: JSON.stringify({ spec: { template: { spec: { containers: [{ name: 'c', image }] } } } }),
    },
    {
      'ApplyPatchJson.spec.template.spec.containers[0].image': 'service',
      'RestorePatchJson.spec.template.spec.containers[0].image': 'service',
    },
  ],
];
