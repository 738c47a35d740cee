import { Duration, Stack } from 'aws-cdk-lib';
import { DistrolessBase } from '../../lib/bases/distroless-base';
import { HealthProbe } from '../../lib/services/health-probe';
import { NODE_PROBE, PYTHON_PROBE } from '../../lib/services/probe-scripts';
import { TestImage } from './test-image';

function target(props: ConstructorParameters<typeof TestImage>[2] = {}) {
  return { image: new TestImage(new Stack(), 'Image', props), port: 8080 };
}

const BINARY = { healthProbe: ['/healthprobe'] };

describe('what runs a probe', () => {
  test('Node, by its own path, in an image that has it', () => {
    const { command } = HealthProbe.http().toContainerHealthCheck(target({ base: DistrolessBase.NODEJS_24 }));
    expect(command).toEqual([
      'CMD',
      '/nodejs/bin/node',
      '-e',
      NODE_PROBE,
      'http',
      '8080',
      '4500',
      '/healthz',
      '200',
      '299',
    ]);
  });

  test('Python, isolated from the app, in an image that has it', () => {
    const { command } = HealthProbe.tcp().toContainerHealthCheck(target({ base: DistrolessBase.PYTHON_3 }));
    expect(command).toEqual(['CMD', '/usr/bin/python3.13', '-ISc', PYTHON_PROBE, 'tcp', '8080', '4500']);
  });

  test('the binary that was built into the image', () => {
    const { command } = HealthProbe.grpc({ service: 'api.Orders', port: 50051 }).toContainerHealthCheck(target(BINARY));
    expect(command).toEqual(['CMD', '/healthprobe', 'grpc', '50051', '4500', 'api.Orders']);
  });

  test('the app itself, also with a single word', () => {
    const { command } = HealthProbe.command(['/healthcheck']).toContainerHealthCheck(target());
    expect(command).toEqual(['CMD', '/healthcheck']);
  });

  test('fails where nothing in the image can, and says what can be done', () => {
    expect(() => HealthProbe.http().toContainerHealthCheck(target())).toThrow(
      /Default\/Image: nothing in the image \(base: gcr\.io\/distroless\/static-debian13:nonroot\) can run .* healthProbe: true .* HealthProbe\.command/,
    );
  });
});

describe('the timing of a probe', () => {
  test('has defaults that ECS takes', () => {
    const check = HealthProbe.http().toContainerHealthCheck(target(BINARY));
    expect(check.interval?.toSeconds()).toBe(15);
    expect(check.timeout?.toSeconds()).toBe(5);
    expect(check.retries).toBe(3);
    expect(check.startPeriod?.toSeconds()).toBe(30);
  });

  test('can be changed, and the probe gives up before ECS does', () => {
    const timing = {
      interval: Duration.seconds(60),
      timeout: Duration.seconds(20),
      retries: 5,
      startPeriod: Duration.minutes(2),
    };
    const check = HealthProbe.http(timing).toContainerHealthCheck(target(BINARY));
    expect(check).toMatchObject(timing);
    expect(check.command[4]).toBe('19500');
  });
});

describe('the check of a load balancer', () => {
  test('asks the same path for the same statuses', () => {
    const check = HealthProbe.http({ path: '/ready', highestStatus: 399 }).toTargetGroupHealthCheck();
    expect(check).toMatchObject({ path: '/ready', healthyHttpCodes: '200-399', unhealthyThresholdCount: 3 });
    expect(check?.port).toBeUndefined();
  });

  test('asks another port when the probe does', () => {
    expect(HealthProbe.http({ port: 9090 }).toTargetGroupHealthCheck()?.port).toBe('9090');
  });

  test.each([HealthProbe.tcp(), HealthProbe.grpc(), HealthProbe.command(['/app', '-check'])])(
    'is left as it is by probes that it cannot make',
    (probe) => expect(probe.toTargetGroupHealthCheck()).toBeUndefined(),
  );
});

describe('a wrong probe', () => {
  test.each(['healthz', '', '/with space', '/ä', '/line\r\nbreak'])('fails with the path %j', (path) => {
    expect(() => HealthProbe.http({ path })).toThrow('path: starts with /');
  });

  test('fails without a command, and with the CMD that is put in front anyway', () => {
    expect(() => HealthProbe.command([])).toThrow('command: needs at least the program to run');
    expect(() => HealthProbe.command(['CMD-SHELL', 'curl localhost'])).toThrow("without 'CMD-SHELL' in front");
  });

  test('fails with a service name that does not fit the message', () => {
    expect(() => HealthProbe.grpc({ service: 'x'.repeat(128) })).toThrow('at most 127 characters');
  });

  test('fails without a port when the container listens on none', () => {
    const { image } = target(BINARY);
    expect(() => HealthProbe.tcp().toContainerHealthCheck({ image, port: 0 })).toThrow(
      'port: the container listens on none',
    );
  });
});
