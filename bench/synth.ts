/**
 * What the guard costs: synthesis of many task definitions over few Dockerfiles, without it, with it, and with cdk-nag.
 *
 *     npm run build && npx ts-node --transpile-only bench/synth.ts [task definitions, 1000] [Dockerfiles, 50] [rounds, 5]
 *
 * Each synthesis runs in a process of its own, the kinds in turn, and it is processor time that counts. What a guard takes is
 * measured inside the synthesis that it slows: two runs of the same app differ by more than that. It is told as a share of a
 * synthesis as it is by default, and of one without the validation against CloudFormation's schemas that CDK does by default,
 * which takes most of the former (`CDK_VALIDATION=false` turns it off). What CDK itself does for any plugin (it hashes the files
 * of the assembly before and after) and for any aspect can only be seen by comparing runs, in the rows of those that do nothing.
 *
 * The last row is `cdk-distroless check` on what was synthesized, whole process.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IAspect } from 'aws-cdk-lib';
import { App, aws_ecr_assets as assets, aws_ecs as ecs, Aspects, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DistrolessAspect, DistrolessChecks, RuleSeverity } from '../lib';
import { AssemblyCheck } from '../lib/guard/assembly-check';

const KINDS = [
  'none',
  "none, with CDK's own validation",
  'an empty plugin',
  'pack',
  'an empty aspect',
  'aspect',
  'AwsSolutionsChecks',
] as const;
type Kind = (typeof KINDS)[number];

/** How CDK synthesizes unless it is told otherwise. */
const DEFAULT: Kind = "none, with CDK's own validation";

const [tasks = 1000, dockerfiles = 50, rounds = 5] = process.argv.slice(2, 5).map(Number);
const TASKS_PER_STACK = 100;

const COMMAND = join(__dirname, '../lib/cli/cdk-distroless.js');

/** The app is in order: what CDK does with thousands of warnings is not the guard's. */
const POLICY = { severities: { UnpinnedBase: RuleSeverity.OFF } };

interface Cost {
  readonly synthMs: number;
  /** How much of it the guard took. */
  readonly guardMs: number;
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
  const app = new App({ outdir: join(directory, 'cdk.out', kind), analyticsReporting: false });
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
  guard(app, kind);
  console.error = () => undefined;
  const synthMs = processorTime(() => {
    try {
      app.synth();
    } catch {
      // cdk-nag objects to environment variables; what it costs to find that out is what is measured.
    }
  });
  const cost: Cost = { synthMs, guardMs, peakMiB: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(cost));
}

function processorTime(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** What the guard of this process has taken so far. */
let guardMs = 0;

/** Has every call of a method measured. */
function time<K extends string>(owner: Record<K, (...args: never[]) => unknown>, name: K): void {
  const method = owner[name];
  owner[name] = function (this: unknown, ...args: never[]): unknown {
    let result: unknown;
    guardMs += processorTime(() => (result = method.apply(this, args)));
    return result;
  };
}

/** An aspect whose visits are measured, and what it has CDK call when the tree is complete. */
function timedAspect(app: App, aspect: IAspect): void {
  let start = process.cpuUsage();
  app.node.addValidation({ validate: () => ((start = process.cpuUsage()), []) });
  Aspects.of(app).add({
    visit: (node) => {
      guardMs += processorTime(() => aspect.visit(node));
      if (node !== app) return;
      app.node.addValidation({
        validate: () => {
          const { user, system } = process.cpuUsage(start);
          guardMs += (user + system) / 1000;
          return [];
        },
      });
    },
  });
}

function guard(app: App, kind: Kind): void {
  const validations = Validations.of(app);
  switch (kind) {
    case 'an empty plugin':
      return validations.addPlugins({ name: 'Empty', validate: () => ({ success: true, violations: [] }) });
    case 'pack':
      // The pack is two plugins, which share what the first of them finds out.
      time(AssemblyCheck.prototype, 'report');
      return validations.addPlugins(new DistrolessChecks(app, POLICY));
    case 'an empty aspect':
      return timedAspect(app, { visit: () => undefined });
    case 'aspect':
      return timedAspect(app, new DistrolessAspect(POLICY));
    case 'AwsSolutionsChecks':
      time(AwsSolutionsChecks.prototype, 'validate');
      return validations.addPlugins(new AwsSolutionsChecks(app));
  }
}

function measure(kind: Kind, directory: string): Cost {
  const args = ['-r', 'ts-node/register/transpile-only', __filename, ...[tasks, dockerfiles, rounds].map(String)];
  const validation = kind === DEFAULT ? 'true' : 'false';
  const env = { ...process.env, CDK_VALIDATION: validation, SYNTH_KIND: kind, SYNTH_DIRECTORY: directory };
  const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Cost;
}

/** The command on an assembly, as a pipeline runs it. */
function check(directory: string): string {
  const report = 'process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS / 1024)))';
  const args = ['-e', `${report}; process.argv.splice(1, 0, "node"); require(${JSON.stringify(COMMAND)})`];
  const start = performance.now();
  const command = [...args, 'check', join(directory, 'cdk.out', 'none')];
  const { status, stderr } = spawnSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] });
  const elapsedMs = performance.now() - start;
  const peakMiB = Number(stderr.toString()).toFixed(0);
  return `| cdk-distroless check, exit ${status} | ${elapsedMs.toFixed(0)} elapsed | | | | ${peakMiB} |`;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function main(): void {
  if (!existsSync(COMMAND)) throw new Error('what is measured is compiled code: run npm run build first');
  const directory = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  const runs: Array<Record<Kind, Cost>> = [];
  for (let round = 0; round < rounds; round++) {
    const costs = KINDS.map((kind) => [kind, measure(kind, directory)] as const);
    runs.push(Object.fromEntries(costs) as Record<Kind, Cost>);
  }
  console.log(`${tasks} task definitions, ${dockerfiles} Dockerfiles, median of ${rounds}\n`);
  console.log("| guard | synth CPU ms | guard alone, ms | of a default synth | without CDK's validation | peak MiB |");
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const kind of KINDS) console.log(row(kind, runs));
  console.log(check(directory));
  rmSync(directory, { recursive: true });
}

function row(kind: Kind, runs: ReadonlyArray<Record<Kind, Cost>>): string {
  const of = (value: (run: Record<Kind, Cost>) => number) => median(runs.map(value));
  const figures = [
    of((run) => run[kind].synthMs).toFixed(0),
    of((run) => run[kind].guardMs).toFixed(0),
    `${of((run) => (run[kind].guardMs / run[DEFAULT].synthMs) * 100).toFixed(1)} %`,
    `${of((run) => (run[kind].guardMs / (run[kind].synthMs - run[kind].guardMs)) * 100).toFixed(1)} %`,
    of((run) => run[kind].peakMiB).toFixed(0),
  ];
  return `| ${[kind, ...figures].join(' | ')} |`;
}

const { SYNTH_KIND, SYNTH_DIRECTORY } = process.env;
if (SYNTH_KIND && SYNTH_DIRECTORY) synthesize(SYNTH_KIND as Kind, SYNTH_DIRECTORY);
else main();
