import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';

/** By value: an architecture can also come from `CpuArchitecture.of('ARM64')`. */
export function isArm(architecture: CpuArchitecture): boolean {
  return architecture._cpuArchitecture === CpuArchitecture.ARM64._cpuArchitecture;
}
