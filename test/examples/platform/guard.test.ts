import { App, Stack, Stage, Validations } from 'aws-cdk-lib';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { TeamPolicy } from '../../../examples/platform/package';
import { Foundation, Job, PLATFORM_POLICY, PlatformGuard, tightened } from '../../../examples/platform/package';
import type { DistrolessPolicy } from '../../../lib';
import { Assurance, RuleSeverity } from '../../../lib';
import { TestImage } from '../../services/test-image';

/** An app in which somebody has used a template, and beside it runs what they like. */
function appWith(define: (stack: Stack) => void, scope: (app: App) => Stage = (app) => app): App {
  const app = new App();
  const stack = new Stack(scope(app), 'Team', { env: { region: 'eu-west-1' } });
  const foundation = new Foundation(stack, 'Foundation');
  new Job(stack, 'Job', { foundation, image: new TestImage(stack, 'Image'), schedule: 'rate(1 hour)' });
  define(stack);
  return app;
}

function shell(stack: Stack): FargateTaskDefinition {
  const task = new FargateTaskDefinition(stack, 'Task');
  task.addContainer('web', {
    image: ContainerImage.fromRegistry('alpine:3.22'),
    readonlyRootFilesystem: true,
    user: '1',
  });
  return task;
}

describe('the policy of the platform', () => {
  test('holds in every app that uses one of its templates, for all of the app', () => {
    expect(() => appWith(shell).synth()).toThrow(/Distroless::NonDistrolessBase\[web\]/);
    expect(() => appWith(shell, (app) => new Stage(app, 'Prod')).synth()).toThrow(
      /Distroless::NonDistrolessBase\[web\]/,
    );
  });

  test('cannot be acknowledged away', () => {
    const acknowledged = appWith((stack) =>
      Validations.of(shell(stack)).acknowledge({ id: 'Distroless::NonDistrolessBase[web]', reason: 'works for me' }),
    );
    expect(() => acknowledged.synth()).toThrow(
      'Team/Task acknowledges Distroless::NonDistrolessBase[web], which the platform does not leave to services; ' +
        'mend what is found, or ask the platform team for an exception in the policy',
    );
  });

  test('cannot be acknowledged away in a Stage, or in the short spelling', () => {
    const acknowledged = appWith(
      (stack) => Validations.of(stack).acknowledge({ id: 'Shell[web]', reason: 'works for me' }),
      (app) => new Stage(app, 'Prod'),
    );
    expect(() => acknowledged.synth()).toThrow(/Prod\/Team acknowledges \w+::Shell\[web\]/);
  });

  test('leaves its warnings to services', () => {
    const acknowledged = appWith((stack) =>
      Validations.of(stack).acknowledge({ id: 'Distroless::ExecuteCommand[web]', reason: 'INFRA-1234' }),
    );
    expect(() => acknowledged.synth()).not.toThrow();
  });
});

describe('a policy of a team', () => {
  test('may demand more', () => {
    const stricter: TeamPolicy = {
      assurance: Assurance.INSPECTED,
      includeBuildImages: true,
      severities: { UnpinnedBase: RuleSeverity.ERROR },
    };
    expect(tightened(stricter)).toEqual({
      assurance: Assurance.INSPECTED,
      includeBuildImages: true,
      severities: { ...PLATFORM_POLICY.severities, UnpinnedBase: RuleSeverity.ERROR },
    });
  });

  test.each<[DistrolessPolicy, string]>([
    [
      { severities: { Shell: RuleSeverity.WARNING } },
      "severities.Shell: 'warning' is looser than the platform's 'error'; leave it away",
    ],
    [
      { severities: { WritableRoot: RuleSeverity.OFF } },
      "severities.WritableRoot: 'off' is looser than the platform's 'error'; leave it away",
    ],
    [
      { approvedBases: ['docker.io/**'] },
      "approvedBases.0: 'docker.io/**' is not approved by the platform, which approves catalogue",
    ],
    [
      { exceptions: [{ patterns: ['**'], reason: 'all', expires: '2999-12-31' }] },
      'exceptions: only the platform team grants these, in the policy of its package',
    ],
    [
      { mirrors: { 'gcr.io/distroless': 'docker.io/library' } },
      'mirrors: only the platform team grants these, in the policy of its package',
    ],
  ])('is refused when it demands less: %j', (policy, problem) => {
    expect(() => new PlatformGuard(new App(), policy)).toThrow(`policy.${problem}`);
  });

  test('can be given once, before templates are used', () => {
    expect(() => new PlatformGuard(appWith(() => undefined))).toThrow(/already a Construct with name 'PlatformGuard'/);
  });
});
