import { obstacle } from './docker-daemon';
import { TestEnvironment } from './environment';
import { announcement } from './facts';

/** `npm run e2e:up`: the environment of the tests for trying things by hand, until it is interrupted. */
async function main(): Promise<void> {
  const reason = obstacle();
  if (reason) throw new Error(reason);
  const environment = new TestEnvironment();
  const facts = await environment.start((message) => console.error(message));
  const variables = { ...environment.variables, ...announcement(facts) };
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`);
  console.log(`# cdk synth -c cdk-distroless:mirrors='${JSON.stringify(facts.mirrors)}'`);
  const alive = setInterval(() => undefined, 2 ** 30);
  const stop = (): void => {
    clearInterval(alive);
    void environment.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

void main();
