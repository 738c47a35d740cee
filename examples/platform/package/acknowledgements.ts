/** What cdk-nag says of ECS whoever defines it, and why it is as it is. */
import { Stack, Validations } from 'aws-cdk-lib';
import type { ICluster, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';

/** What holds for every task. */
export function acknowledgeTask(task: TaskDefinition): void {
  const pulling =
    'ecr:GetAuthorizationToken is for the whole registry; all else is for the repository and the log group';
  acknowledge(task.obtainExecutionRole(), 'IAM5[Resource::*]', pulling);
  acknowledge(
    task,
    'ECS2',
    'environment variables are not for secrets, which have a place of their own in the template',
  );
}

export function acknowledgeExecution(task: TaskDefinition): void {
  acknowledge(task.taskRole, 'IAM5[Resource::*]', 'ECS Exec opens its channels under names that nobody knows before');
}

export function acknowledgeStopping(job: IConstruct, cluster: ICluster): void {
  const { partition, region } = Stack.of(job);
  const [aws, where, name] = [partition, region, cluster.clusterName].map((value) => spelled(job, value));
  const tasks = `IAM5[Resource::arn:${aws}:ecs:${where}:*:task/${name}/*]`;
  acknowledge(job, tasks, 'EventBridge stops the tasks that it ran, whose ids nobody knows before');
}

function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}

/** A value that is known at deployment only stands in ids as `<LogicalId>`. */
function spelled(scope: IConstruct, value: string): string {
  const resolved = Stack.of(scope).resolve(value) as string | { readonly Ref: string };
  return typeof resolved === 'string' ? resolved : `<${resolved.Ref}>`;
}
