import { describeUnless } from './conditions';
import type { EnvironmentFacts } from './environment';

/** How the tests, which jest loads apart from its set-up, are told what was started, or why nothing was. */
const FACTS = 'DISTROLESS_E2E_FACTS';
const OBSTACLE = 'DISTROLESS_E2E_OBSTACLE';

export function announce(facts: EnvironmentFacts): void {
  Object.assign(process.env, announcement(facts));
}

/** The variables by which a process is told of an environment that is up. */
export function announcement(facts: EnvironmentFacts): Readonly<Record<string, string>> {
  return { [FACTS]: JSON.stringify(facts) };
}

export function isAnnounced(): boolean {
  return process.env[FACTS] !== undefined;
}

export function announceObstacle(reason: string): void {
  process.env[OBSTACLE] = reason;
}

export function environmentFacts(): EnvironmentFacts {
  const facts = process.env[FACTS];
  if (!facts) throw new Error('the end-to-end environment is not up; run the tests with npm run test:e2e');
  return JSON.parse(facts) as EnvironmentFacts;
}

/** `describe` for tests that need Docker and the stand-ins: skipped, with the reason in the name, without them. */
export function describeWithDocker(name: string, tests: () => void): void {
  describeUnless(process.env[OBSTACLE], name, tests);
}
