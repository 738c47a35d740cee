import { temporaryDirectory } from '../assembly/cdk-apps';
import { appCommand, cdk, cdkOn, CLI_TIMEOUT } from './cdk-cli';

jest.setTimeout(CLI_TIMEOUT);

const synth = (env: Record<string, string>, ...args: string[]) =>
  cdk(['synth', '-q', ...args], 'test/guard/cli-app.ts', env);

const ERROR = "Acknowledge with 'Distroless::NonDistrolessBase[web]'";
const WARNING = "Acknowledge with 'Distroless::WritableRoot[web]'";

/** Ways in which the CLI passes in silence, each seen with a plugin that does not mind them. */
describe('cdk synth', () => {
  test.each(['pack', 'aspect'])('fails by the %s and says where, why and the way out', (guard) => {
    const { status, output } = synth({ GUARD: guard, STACKS: 'A:bad' });
    expect(status).toBe(1);
    expect(output).toContain('ERROR the base alpine:3.20 is a full distribution');
    expect(output).toContain('A/T/Resource (TD925BC7E) aws-cdk-lib.aws_ecs.CfnTaskDefinition');
    expect(output).toContain('fix: build on gcr.io/distroless/');
    expect(output).toContain('Distroless::NonDistrolessBase[web]');
  });

  test.each(['pack', 'aspect'])('passes by the %s with warnings only', (guard) => {
    const { status, output } = synth({ GUARD: guard, STACKS: 'A:good' });
    expect(status).toBe(0);
    expect(output).toContain(WARNING);
  });

  test.each(['pack', 'aspect'])('fails by the %s for a Stage that it was not asked for', (guard) => {
    const { status, output } = synth({ GUARD: guard, STACKS: 'A:good', STAGES: 'S:bad' });
    expect(status).toBe(1);
    expect(output).toContain('Prod/S/T/Resource\nDistroless::NonDistrolessBase[web]  the base alpine:3.20');
  });

  test('fails for a Stage that it was asked for, in place', () => {
    const { status, output } = synth({ GUARD: 'aspect', STAGES: 'S:bad' }, 'Prod/S');
    expect(status).toBe(1);
    expect(output).toContain('Prod/S/T/Resource (TD925BC7E)');
  });

  test('passes a stack with a warning though another has an error', () => {
    const { status, output } = synth({ GUARD: 'pack', STACKS: 'A:bad,B:good' }, 'B');
    expect(output).toContain(WARNING);
    expect(output).not.toContain(ERROR);
    expect(status).toBe(0);
  });

  test('still fails for what was not acknowledged when something was', () => {
    const { status, output } = synth({ GUARD: 'pack', STACKS: 'A:bad', ACKNOWLEDGE: 'Distroless::WritableRoot[web]' });
    expect(output).not.toContain(WARNING);
    expect(output).toContain(ERROR);
    expect(status).toBe(1);
  });

  test.each(['Distroless::NonDistrolessBase[web]', 'NonDistrolessBase[web]'])(
    'passes when the error was acknowledged as %s',
    (id) => {
      expect(synth({ GUARD: 'pack', STACKS: 'A:bad', ACKNOWLEDGE: id }).status).toBe(0);
    },
  );

  test('fails in spite of acknowledgements of a rule, of a Stage, and of what there is not', () => {
    const ACKNOWLEDGE = 'Distroless::NonDistrolessBase Distroless::Stage[Prod] Distroless::Shell[web]';
    const { status, output } = synth({ GUARD: 'pack', STACKS: 'A:bad', STAGES: 'S:bad', ACKNOWLEDGE });
    expect(status).toBe(1);
    expect(output).toContain(ERROR);
    expect(output).toContain('1 error in the Stage Prod');
  });

  test.each(['pack', 'aspect'])(
    'fails by the %s for nested, overridden, generic, included and changed images',
    (guard) => {
      const { status, output } = synth({ GUARD: `${guard} hidden`, CDK_VALIDATION: 'false' });
      expect(status).toBe(1);
      for (const container of ['nested', 'overridden', 'generic', 'included', 'changed']) {
        expect(output).toContain(`Distroless::NonDistrolessBase[${container}]`);
      }
    },
  );

  test('fails when the pack cannot read what was written, where the CLI says nothing of a plugin that throws', () => {
    const { status, output } = synth({ GUARD: 'pack broken', STACKS: 'A:good' });
    expect(status).toBe(1);
    expect(output).toMatch(/FATAL the check for images without a shell could not run: .*manifest\.json/);
  });

  test('judges by a pack of a Stage that Stage alone', () => {
    const { status, output } = synth({ GUARD: 'pack of-stage', STACKS: 'A:bad', STAGES: 'S:bad' }, '**');
    expect(status).toBe(1);
    expect(output).toContain('Prod/S/T/Resource');
    expect(output).not.toContain('A/T/Resource');
  });
});

/** Apps in other languages run CDK in a child process, and may end well whatever its exit code is (aws/aws-cdk issues 26844, 27575). */
describe('cdk synth of an app that exits 0 whatever was found', () => {
  const synthUnheard = (env: Record<string, string>) =>
    cdkOn(
      ['synth', '-q', '--app', `${appCommand('test/guard/cli-app.ts')} || true`, '--output', temporaryDirectory()],
      env,
    );

  test.each(['pack', 'aspect'])('fails by the %s', (guard) => {
    const { status, output } = synthUnheard({ GUARD: guard, STACKS: 'A:bad' });
    expect(output).toContain('Distroless::NonDistrolessBase[web]');
    expect(status).toBe(1);
  });

  test.each(['pack', 'aspect'])('passes by the %s where there is nothing', (guard) => {
    expect(synthUnheard({ GUARD: guard, STACKS: 'A:good' }).status).toBe(0);
  });
});

describe('a cdk.out that did not hold', () => {
  test('is not deployed', () => {
    const directory = temporaryDirectory();
    cdkOn(['synth', '-q', '--app', appCommand('test/guard/cli-app.ts'), '--output', directory], {
      GUARD: 'pack',
      STACKS: 'A:bad',
    });
    const { status, output } = cdkOn(['deploy', '--app', directory, '--require-approval=never', 'A']);
    expect(status).toBe(1);
    expect(output).toContain(ERROR);
  });
});
