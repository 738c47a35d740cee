import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Aspects, aws_ecs as ecs, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { DistrolessAspect } from '../../lib/guard/distroless-aspect';
import { DistrolessChecks } from '../../lib/guard/distroless-checks';
import { Assurance } from '../../lib/policy/distroless-policy';
import { FakeDocker } from '../evidence/fake-docker';
import { dockerArchive, image, layer } from '../layers/fixtures/image-builder';
import { APP, SHELL } from '../layers/fixtures/programs';
import { app, buildContext, contextOf } from './guarded-apps';

const DOCKERFILE = 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /app\nENTRYPOINT ["/app"]\n';
const POLICY = { assurance: Assurance.INSPECTED };

let folder: string;
let docker: FakeDocker;
let told: string;
const before = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inspected-'));
  docker = new FakeDocker(join(folder, 'docker'));
  process.env.CDK_DOCKER = docker.path;
  process.env.CDK_DISTROLESS_CACHE = join(folder, 'cache');
  told = '';
  jest.spyOn(console, 'error').mockImplementation();
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

/** A service whose image holds a program. */
function service(scope: Construct, id: string, program: Buffer): Stack {
  const directory = buildContext(DOCKERFILE);
  writeFileSync(join(directory, 'app'), id);
  writeFileSync(join(directory, 'image.tar'), dockerArchive(image([layer([{ name: 'app', body: program }])])));
  const stack = new Stack(scope, id);
  const task = new ecs.FargateTaskDefinition(stack, 'T');
  task.addContainer('web', { image: ecs.ContainerImage.fromAsset(directory), readonlyRootFilesystem: true });
  return stack;
}

function errorsOn(root: App): string[] {
  const { violations } = new DistrolessChecks(root, POLICY).validate(contextOf(root));
  return violations.map(({ ruleName, description }) => `${ruleName} ${description.split('\n')[0]}`);
}

describe('Assurance.INSPECTED', () => {
  test('has the pack build the images of all Stages and look into them', () => {
    const root = app();
    service(root, 'Clean', APP);
    service(new Stage(root, 'Prod'), 'Shelled', SHELL);
    expect(errorsOn(root)).toEqual(['Shell[web] bash is in the image as /app, known by its content']);
    expect(docker.calls('build')).toHaveLength(2);
    expect(told).toMatch(/^cdk-distroless: building and inspecting \S+, \S+\n$/);
  });

  test('asks docker nothing for what was looked into before', () => {
    const [first, second] = [app(), app()];
    for (const root of [first, second]) service(root, 'Shelled', SHELL);
    errorsOn(first);
    const calls = docker.calls().length;
    expect(errorsOn(second)).toHaveLength(1);
    expect(docker.calls()).toHaveLength(calls);
  });

  test('counts in other apps and guards, once it was looked into', () => {
    const [first, second] = [app(), app()];
    for (const root of [first, second]) service(root, 'Shelled', SHELL);
    errorsOn(first);
    const { violations } = new DistrolessChecks(second).validate(contextOf(second));
    expect(violations.map(({ ruleName }) => ruleName)).toEqual(['Shell[web]']);
  });

  test('has the aspect do so as well', () => {
    const root = app();
    const stack = service(root, 'Shelled', SHELL);
    Aspects.of(root).add(new DistrolessAspect(POLICY));
    const errors = Annotations.fromStack(stack).findError('*', Match.stringLikeRegexp('bash is in the image as /app'));
    expect(errors).toHaveLength(1);
  });

  test('fails synthesis without Docker, and says why', () => {
    process.env.CDK_DOCKER = join(folder, 'nowhere');
    const root = app();
    service(root, 'Clean', APP);
    Validations.of(root).addPlugins(new DistrolessChecks(root, POLICY));
    expect(() => root.synth()).toThrow(/Unproven\[web\]/);
    expect(told).toMatch(/could not be inspected: cannot start \S+nowhere: .*; install Docker, or set CDK_DOCKER/);
  });

  test('fails synthesis when a build fails, and shows what the tool said', () => {
    const root = app();
    const directory = buildContext(DOCKERFILE);
    writeFileSync(join(directory, 'fail'), 'ERROR: no space left\n');
    const task = new ecs.FargateTaskDefinition(new Stack(root, 'S'), 'T');
    task.addContainer('web', { image: ecs.ContainerImage.fromAsset(directory), readonlyRootFilesystem: true });
    expect(errorsOn(root)).toEqual([
      'Unproven[web] its layers could not be looked into: docker build exited with 17: ERROR: no space left',
    ]);
    expect(told).toContain('    ERROR: no space left\n');
  });

  test('tries a build that fails once, though aspect and pack ask for it, and a Stage, too', () => {
    const root = app();
    const directory = buildContext(DOCKERFILE);
    writeFileSync(join(directory, 'fail'), 'ERROR: no space left\n');
    for (const scope of [root, new Stage(root, 'Prod')]) {
      const task = new ecs.FargateTaskDefinition(new Stack(scope, 'S'), 'T');
      task.addContainer('web', { image: ecs.ContainerImage.fromAsset(directory), readonlyRootFilesystem: true });
    }
    Aspects.of(root).add(new DistrolessAspect(POLICY));
    Validations.of(root).addPlugins(new DistrolessChecks(root, POLICY));
    expect(() => root.synth()).toThrow(/Unproven\[web\]/);
    expect(docker.calls('build')).toHaveLength(1);
  });

  test('builds nothing for unit tests, which learn that nobody has looked', () => {
    const root = app();
    service(root, 'Clean', APP);
    const { violations } = new DistrolessChecks(root, POLICY).validateScope(root);
    expect(violations.filter(({ severity }) => severity === 'error').map(({ ruleName }) => ruleName)).toEqual([
      'Unproven[web]',
    ]);
    expect(docker.calls()).toEqual([]);
  });
});
