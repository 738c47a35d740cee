import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DistrolessBase } from '../../lib/bases/distroless-base';
import type { DistrolessFunctionProps } from '../../lib/services/distroless-function';
import { DistrolessFunction } from '../../lib/services/distroless-function';
import { NODE_RUNTIME_CLIENT } from '../../lib/services/node-runtime-client';
import type { TestImageProps } from './test-image';
import { TestImage } from './test-image';

function template(image: TestImageProps, props: (stack: Stack) => Partial<DistrolessFunctionProps> = () => ({})) {
  const stack = new Stack(new App(), 'Test');
  new DistrolessFunction(stack, 'Function', { image: new TestImage(stack, 'Image', image), ...props(stack) });
  return Template.fromStack(stack);
}

describe('a function', () => {
  test('starts a program that speaks the runtime API itself as the image says, on its architecture', () => {
    template({}).hasResourceProperties('AWS::Lambda::Function', {
      PackageType: 'Image',
      Architectures: ['arm64'],
      Code: { ImageUri: Match.anyValue() },
      ImageConfig: Match.absent(),
    });
    template({ architecture: CpuArchitecture.X86_64 }).hasResourceProperties('AWS::Lambda::Function', {
      Architectures: ['x86_64'],
    });
  });

  test('gives a handler of Node the runtime client', () => {
    template({ base: DistrolessBase.NODEJS_24 }, () => ({ handler: 'dist/index.handler' })).hasResourceProperties(
      'AWS::Lambda::Function',
      { ImageConfig: { EntryPoint: ['/nodejs/bin/node', '-e', NODE_RUNTIME_CLIENT], Command: ['dist/index.handler'] } },
    );
  });

  test('gives a handler of Python that of AWS', () => {
    template({ base: DistrolessBase.PYTHON_3 }, () => ({ handler: 'app.handler' })).hasResourceProperties(
      'AWS::Lambda::Function',
      {
        ImageConfig: { EntryPoint: ['/usr/bin/python3.13', '-m', 'awslambdaric'], Command: ['app.handler'] },
      },
    );
  });

  test('takes a runtime client of the user', () => {
    const entrypoint = ['/nodejs/bin/node', 'node_modules/aws-lambda-ric/bin/index.mjs'];
    const props = { handler: 'index.handler', entrypoint };
    template({ base: DistrolessBase.NODEJS_24 }, () => props).hasResourceProperties('AWS::Lambda::Function', {
      ImageConfig: { EntryPoint: entrypoint, Command: ['index.handler'] },
    });
    template({}, () => ({ command: ['-v'] })).hasResourceProperties('AWS::Lambda::Function', {
      ImageConfig: { Command: ['-v'] },
    });
  });

  test('fails with a handler for an image that has nothing to run it', () => {
    expect(() => template({}, () => ({ handler: 'index.handler' }))).toThrow(
      /Test\/Image: handler: only images of Node and Python take one.*static-debian13.*speak the runtime API itself/,
    );
  });

  test('keeps its logs for a month, or where it is told', () => {
    template({}).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    const shared = template({}, (stack) => ({ logGroup: new LogGroup(stack, 'Shared', { retention: 90 }) }));
    shared.resourceCountIs('AWS::Logs::LogGroup', 1);
    shared.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('Shared') } },
    });
  });

  test('is a function like any other: memory, environment, name', () => {
    const options = { memorySize: 512, environment: { STAGE: 'test' }, functionName: 'orders' };
    template({}, () => options).hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 512,
      Environment: { Variables: { STAGE: 'test' } },
      FunctionName: 'orders',
    });
  });
});
