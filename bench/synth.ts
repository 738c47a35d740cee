/**
 * What the guard costs: synthesis of many task definitions over few Dockerfiles, without it, with it, and with cdk-nag.
 *
 *     npx ts-node --transpile-only bench/synth.ts [task definitions, 1000] [Dockerfiles, 50] [rounds, 3]
 *
 * Each synthesis runs in a process of its own, the kinds in turn, so that a busy machine slows all of them alike, and it
 * is processor time that counts. CDK's built-in validator is off.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_ecr_assets as assets, aws_ecs as ecs, Aspects, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DistrolessAspect, DistrolessChecks, RuleSeverity } from '../lib';

const KINDS = ['none', 'pack', 'aspect', 'cdk-nag'] as const;
type Kind = (typeof KINDS)[number];

const [tasks = 1000, dockerfiles = 50, rounds = 3] = process.argv.slice(2, 5).map(Number);
const TASKS_PER_STACK = 100;

/** The app is in order: what CDK does with thousands of warnings is not the guard's. */
const POLICY = { severities: { UnpinnedBase: RuleSeverity.OFF } };

interface Cost {
  readonly synthMs: number;
  readonly peakMiB: number;
}

function contexts(directory: string): string[] {
  return Array.from({ length: dockerfiles }, (_, index) => {
    const context = join(directory, `service-${index}`);
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, 'server.js'), `console.log(${index});\n`);
    const builder = 'FROM node:24-trixie-slim AS builder\nWORKDIR /app\nCOPY . .\nRUN npm ci\n';
    const runtime =
      'FROM gcr.io/distroless/nodejs24-debian13:nonroot\nCOPY --from=builder /app/dist /app\nCMD ["/app/server.js"]\n';
    writeFileSync(join(context, 'Dockerfile'), `${builder}${runtime}`);
    return context;
  });
}

/** Builds the app in this process and prints what its synthesis cost. */
function synthesize(kind: Kind, directory: string): void {
  const app = new App({ outdir: join(directory, `cdk.out-${kind}`), analyticsReporting: false });
  const sources = contexts(directory);
  for (let first = 0; first < tasks; first += TASKS_PER_STACK) {
    const stack = new Stack(app, `Stack${first}`);
    const images = sources.map(
      (source, index) => new assets.DockerImageAsset(stack, `I${index}`, { directory: source }),
    );
    for (let index = first; index < Math.min(tasks, first + TASKS_PER_STACK); index++) {
      const task = new ecs.FargateTaskDefinition(stack, `Task${index}`);
      const image = ecs.ContainerImage.fromDockerImageAsset(images[index % images.length]);
      const environment = { A: '1', B: '2', C: '3' };
      task.addContainer('web', { image, environment, readonlyRootFilesystem: true, user: '65532' });
    }
  }
  if (kind === 'pack') Validations.of(app).addPlugins(new DistrolessChecks(app, POLICY));
  if (kind === 'aspect') Aspects.of(app).add(new DistrolessAspect(POLICY));
  if (kind === 'cdk-nag') Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  console.error = () => undefined;
  const start = process.cpuUsage();
  try {
    app.synth();
  } catch {
    // cdk-nag objects to environment variables; what it costs to find that out is what is measured.
  }
  const { user, system } = process.cpuUsage(start);
  const cost: Cost = { synthMs: (user + system) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(cost));
}

function measure(kind: Kind, directory: string): Cost {
  const args = ['-r', 'ts-node/register/transpile-only', __filename, ...[tasks, dockerfiles, rounds].map(String)];
  const env = { ...process.env, CDK_VALIDATION: 'false', SYNTH_KIND: kind, SYNTH_DIRECTORY: directory };
  const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Cost;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function main(): void {
  const directory = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  const costs = new Map<Kind, Cost[]>(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round++)
    for (const kind of KINDS) costs.get(kind)?.push(measure(kind, directory));
  const plain = median(costs.get('none')?.map(({ synthMs }) => synthMs) ?? []);
  console.log(`${tasks} task definitions, ${dockerfiles} Dockerfiles, median of ${rounds}\n`);
  console.log('| guard | synth CPU ms | on top of none | peak MiB |\n| --- | ---: | ---: | ---: |');
  for (const [kind, runs] of costs) {
    const synthMs = median(runs.map((run) => run.synthMs));
    const share = (((synthMs - plain) / plain) * 100).toFixed(1);
    console.log(
      `| ${kind} | ${synthMs.toFixed(0)} | ${share} % | ${median(runs.map((run) => run.peakMiB)).toFixed(0)} |`,
    );
  }
  rmSync(directory, { recursive: true });
}

const { SYNTH_KIND, SYNTH_DIRECTORY } = process.env;
if (SYNTH_KIND && SYNTH_DIRECTORY) synthesize(SYNTH_KIND as Kind, SYNTH_DIRECTORY);
else main();
