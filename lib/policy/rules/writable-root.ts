import type { Rule } from '../rule';

/** Where the root file system can be made read-only; Lambda's is read-only anyway. */
const CHOOSABLE = /^(AWS::ECS::(Daemon)?TaskDefinition|AWS::Batch::JobDefinition|Custom::AWSCDK-EKS-Kubernetes\w+)$/;

export const WRITABLE_ROOT: Rule = {
  id: 'WritableRoot',
  failsWhen: 'the root file system of the container is not read-only',
  defaultSeverity: 'warning',

  check({ use }) {
    const { readonlyRootFilesystem, unresolved } = use.settings;
    if (readonlyRootFilesystem === true || !CHOOSABLE.test(use.resourceType)) return [];
    const isUnresolved = unresolved?.includes('readonlyRootFilesystem') ?? false;
    return [
      {
        message: isUnresolved
          ? 'whether the root file system is read-only is known at deployment only'
          : 'the root file system is not read-only',
        trace: [],
        fix: 'set readonlyRootFilesystem to true, and give programs that write a tmpfs at /tmp (linuxParameters.addTmpfs)',
      },
    ];
  },
};
