import { obstacle } from './docker-daemon';
import { TestEnvironment } from './environment';
import { announce, announceObstacle } from './facts';

/** Starts the environment, once for all test files. In CI an obstacle is a failure, as green has to mean tested. */
export default async function setUp(): Promise<void> {
  const reason = obstacle();
  if (reason && process.env.CI) throw new Error(`the end-to-end tests cannot run here: ${reason}`);
  if (reason) return announceObstacle(reason);
  const environment = new TestEnvironment();
  Object.assign(globalThis, { distrolessEnvironment: environment });
  // jest does not tear down when it is told to end.
  const end = (): void => void environment.stop().finally(() => process.exit(1));
  process.once('SIGINT', end).once('SIGTERM', end);
  announce(await environment.start((message) => console.error(message)));
  Object.assign(process.env, environment.variables);
}
