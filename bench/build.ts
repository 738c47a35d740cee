/**
 * What the constructs make of a service, against the Dockerfile that primers show: how large the images are, what is in
 * them, and how long they take to build from nothing, after one changed line, and after one changed dependency.
 *
 *     npx ts-node --transpile-only bench/build.ts [build] [inspect] [bases] [--rounds 3] [--service go]... [--into FILE]
 *
 * `build` measures builds, `inspect` looks into the images that they have left, `bases` into those that they start from;
 * without any of them, all three. Docker and the images come from the environment of the end-to-end tests (what that needs is
 * in test/e2e/README.md): one of its own, or the one that `npm run e2e:up` has started, when its variables are set. From nothing
 * means without layers and cache mounts; builders and bases count as pulled. In a round the ways to write an image take turns.
 * With `--into`, measurements add up in a file, and the table is that of all of them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { docker, tryDocker } from '../test/e2e/harness/docker';
import { obstacle } from '../test/e2e/harness/docker-daemon';
import { TestEnvironment } from '../test/e2e/harness/environment';
import { announce, environmentFacts, isAnnounced } from '../test/e2e/harness/facts';
import { contentOf } from './build/image-content';
import { Measurements, type Step } from './build/measurements';
import { baseTable, buildTable, ratioTable } from './build/report';
import { type Service, SERVICES } from './build/services';
import { build, imagesOf, tagOf, type Variant, VARIANTS } from './build/variants';
import { WorkingCopy } from './build/working-copy';

/** Nothing here is built on it; it is what the images of the languages are built on. */
const DISTRIBUTION = 'debian:trixie-slim';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    service: { type: 'string', multiple: true, default: SERVICES.map(({ name }) => name) },
    variant: { type: 'string', multiple: true, default: [...VARIANTS] },
    into: { type: 'string' },
  },
});

const steps = positionals.length > 0 ? positionals : ['build', 'inspect', 'bases'];
const services = SERVICES.filter(({ name }) => options.service.includes(name));
const variants = VARIANTS.filter((variant) => options.variant.includes(variant));

function measureBuilds(measurements: Measurements): void {
  pull(services.flatMap(imagesOf));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const service of services) {
      for (const variant of variants) measureRound(service, variant, measurements);
    }
  }
}

function measureRound(service: Service, variant: Variant, measurements: Measurements): void {
  const sources = new WorkingCopy(service);
  const measure = (step: Step) => {
    const seconds = build(service, variant, sources.directory);
    measurements.add({ service: service.name, variant, step, seconds });
  };
  try {
    forgetBuilds(service, variant);
    measure('cold');
    sources.changeSource(Date.now());
    measure('line');
    if (service.dependency.length === 0) return;
    sources.changeDependency();
    measure('dependency');
  } finally {
    sources.remove();
  }
}

/** Layers of an image that is still there would be cache as well. */
function forgetBuilds(service: Service, variant: Variant): void {
  tryDocker(['image', 'rm', '--force', tagOf(service, variant)]);
  docker('image', 'prune', '--force');
  docker('builder', 'prune', '--all', '--force');
}

function inspectBuilt(measurements: Measurements): void {
  for (const service of services) {
    for (const variant of variants)
      measurements.add({ service: service.name, variant, content: contentOf(tagOf(service, variant)) });
  }
}

function inspectBases(): void {
  const references = [...new Set([DISTRIBUTION, ...services.flatMap(imagesOf)])];
  pull(references);
  console.log(`${baseTable(new Map(references.map((reference) => [reference, contentOf(reference)])))}\n`);
}

/** Builds find these under their own names, as on a machine that has pulled them. */
function pull(references: readonly string[]): void {
  const { mirrors } = environmentFacts();
  for (const reference of new Set(references)) {
    const full = reference.includes('/') ? reference : `docker.io/library/${reference}`;
    const [prefix, mirror] = Object.entries(mirrors).find(([name]) => full.startsWith(`${name}/`)) ?? ['', ''];
    const mirrored = full.replace(prefix, mirror);
    docker('pull', '--quiet', mirrored);
    docker('tag', mirrored, reference);
  }
}

/** Does something in the environment that is up, or in one that is started for it. */
async function inEnvironment(act: () => void): Promise<void> {
  if (isAnnounced()) return act();
  const reason = obstacle();
  if (reason) throw new Error(reason);
  const environment = new TestEnvironment();
  try {
    announce(await environment.start((message) => console.error(message)));
    Object.assign(process.env, environment.variables);
    act();
  } finally {
    await environment.stop();
  }
}

async function main(): Promise<void> {
  process.env.CDK_VALIDATION = 'false'; // there is nothing but the asset in the template, and that is not what is measured
  const folder = mkdtempSync(join(tmpdir(), 'bench-build-into-'));
  const measurements = new Measurements(options.into ?? join(folder, 'measurements.jsonl'));
  try {
    await inEnvironment(() => {
      if (steps.includes('build')) measureBuilds(measurements);
      if (steps.includes('inspect')) inspectBuilt(measurements);
      if (steps.includes('bases')) inspectBases();
    });
    console.log(`${buildTable(measurements)}\n\n${ratioTable(measurements)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
