import { cdk, CLI_TIMEOUT } from './cdk-cli';

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

  test('passes when the error was acknowledged', () => {
    const { status } = synth({ GUARD: 'pack', STACKS: 'A:bad', ACKNOWLEDGE: 'Distroless::NonDistrolessBase[web]' });
    expect(status).toBe(0);
  });
});
