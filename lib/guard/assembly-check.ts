import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { App, IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import type { AssemblyModel } from '../assembly/assembly-model';
import { readAssembly } from '../assembly/cloud-assembly';
import { acknowledgementsOf, displayPathOf } from '../assembly/construct-tree';
import type { Judged, JudgedFinding } from '../assembly/judgement';
import { judge } from '../assembly/judgement';
import type { ImageUse } from '../policy/image-use';
import type { Policy } from '../policy/policy';
import { hiddenStages } from './hidden-stages';
import { layersFor } from './layer-knowledge';
import { isRunByCli } from './synthesis-mode';
import { today } from './today';
import { failureReport, validationReport } from './validation-report';

/** One policy's judgement on the assembly that CDK has written, reached once a synthesis however often it is asked for. */
export class AssemblyCheck {
  private last?: { readonly model: AssemblyModel; readonly judged: Judged };

  public constructor(
    private readonly policy: Policy,
    /** Which uses to judge; all by default. */
    private readonly concerns?: (use: ImageUse) => boolean,
    /** Whether to tell no more than what the CLI would not show: the findings are on the constructs already. */
    private readonly summaryOnly = false,
  ) {}

  /**
   * The findings of one severity, as CDK wants them. Errors and warnings are reported apart: the CLI fails a stack that has but a
   * warning when they share a report with another stack's error.
   */
  public report(context: IPolicyValidationContext, severity: 'error' | 'warning'): PolicyValidationPluginReport {
    try {
      const findings = this.findings(context).filter((finding) => finding.severity === severity);
      const isShown = severity === 'warning' || !isRunByCli(context.appConstruct);
      const hidden = isShown ? [] : hiddenStages(findings, modelOf(context.appConstruct as App));
      return validationReport(this.summaryOnly ? [] : findings, hidden);
    } catch (error) {
      return failureReport(error, context, severity);
    }
  }

  private findings(context: IPolicyValidationContext): JudgedFinding[] {
    const app = context.appConstruct as App;
    const model = modelOf(app);
    if (this.last?.model !== model) this.last = { model, judged: this.judge(model, app) };
    const others = templatesOfOthers(model, context);
    return this.last.judged.findings.filter(({ use }) => !others.has(use.templateFile));
  }

  private judge(model: AssemblyModel, app: App): Judged {
    return judge(model, this.policy, today(), { concerns: this.concerns, ...layersFor(model, this.policy, app) });
  }
}

/** The templates, nested ones included, of stacks that CDK does not ask about: a pack of one Stage is not for the others. */
function templatesOfOthers(model: AssemblyModel, context: IPolicyValidationContext): Set<string | undefined> {
  const asked = new Set(context.templatePaths.map((path) => resolve(path)));
  return new Set(model.templates.filter(({ root }) => !asked.has(root.file ?? '')).map(({ file }) => file));
}

interface Reading {
  readonly stamp: string;
  readonly model: AssemblyModel;
}

const READINGS = new WeakMap<App, Reading>();

/** The assembly of an app, read once for all packs; read again when a test synthesizes again. */
function modelOf(app: App): AssemblyModel {
  const manifest = statSync(join(app.outdir, 'manifest.json'), { bigint: true });
  const stamp = `${manifest.ino}-${manifest.mtimeNs}`;
  const known = READINGS.get(app);
  if (known?.stamp === stamp) return known.model;
  const constructs = app.node.findAll();
  const read = readAssembly(app.outdir, { displayPath: displayPathOf(constructs) });
  // The tree knows what was acknowledged at the app and at its Stages, which no file does.
  const model = { ...read, acknowledgements: acknowledgementsOf(constructs) };
  READINGS.set(app, { stamp, model });
  return model;
}
