/** Synthesis without the CLI, in a process that does not read annotations: CDK's assertions must not be loaded here. */
import { Aspects, Stage, Validations } from 'aws-cdk-lib';
import { DistrolessAspect } from '../../lib/guard/distroless-aspect';
import { DistrolessChecks } from '../../lib/guard/distroless-checks';
import { app, BAD, GOOD, stackWith } from './guarded-apps';

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
});

describe('plain app.synth() fails', () => {
  test('by the aspect', () => {
    const root = app();
    stackWith(root, 'S', { web: BAD });
    Aspects.of(root).add(new DistrolessAspect());
    expect(() => root.synth()).toThrow(/S\/T\/Resource: Distroless::NonDistrolessBase\[web\][^]*fix: /);
  });

  test('by the aspect, when CDK puts annotations into its report', () => {
    const root = app({ context: { '@aws-cdk/core:annotationsInValidationReport': true } });
    stackWith(root, 'S', { web: BAD });
    Aspects.of(root).add(new DistrolessAspect());
    expect(() => root.synth()).toThrow(/Distroless::NonDistrolessBase\[web\]/);
  });

  test('by the aspect on a Stage', () => {
    const root = app();
    const stage = new Stage(root, 'Prod');
    stackWith(stage, 'S', { web: BAD });
    Aspects.of(stage).add(new DistrolessAspect());
    expect(() => root.synth()).toThrow(/Prod\/S\/T\/Resource: Distroless::NonDistrolessBase\[web\]/);
  });

  test('by the pack', () => {
    const root = app();
    stackWith(root, 'S', { web: BAD });
    Validations.of(root).addPlugins(new DistrolessChecks(root));
    expect(() => root.synth()).toThrow(/Distroless::NonDistrolessBase\[web\]/);
  });
});

test('plain app.synth() passes with warnings only', () => {
  const root = app();
  stackWith(root, 'S', { web: GOOD });
  Aspects.of(root).add(new DistrolessAspect());
  Validations.of(root).addPlugins(new DistrolessChecks(root));
  expect(() => root.synth()).not.toThrow();
});
