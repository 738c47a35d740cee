import type { SourceLocation } from '../dockerfile/analysis';
import { acknowledgementId } from '../policy/finding';
import type { RuleDescription } from '../policy/rule-description';
import type { Report, ReportedFinding } from './report';
import { isSourceLocation, traceLine } from './trace-lines';

export interface SarifOptions {
  /** All rules that may have findings. */
  readonly rules: readonly RuleDescription[];
  /** Version of this package. */
  readonly version: string;
}

/**
 * The findings as SARIF 2.1.0, with a region for each Dockerfile line, so that code review shows them in place.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReport(report: Report, options: SarifOptions): string {
  const rules = options.rules.map(({ id }) => id);
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: driver(options) },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map((finding) => result(finding, rules.indexOf(finding.rule))),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function driver({ rules, version }: SarifOptions): object {
  return {
    name: 'cdk-distroless',
    semanticVersion: version,
    rules: rules.map((rule) => ({
      id: `Distroless::${rule.id}`,
      name: rule.id,
      shortDescription: { text: rule.summary },
      help: { text: rule.page, markdown: rule.page },
      defaultConfiguration: { level: rule.defaultSeverity },
    })),
  };
}

function result(finding: ReportedFinding, ruleIndex: number): object {
  const { use, trace, acknowledged } = finding;
  const places = trace.filter(isSourceLocation);
  return {
    ruleId: `Distroless::${finding.rule}`,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: finding.severity,
    message: { text: messageText(finding) },
    locations: [location(finding, places[0])],
    relatedLocations: places.slice(1).map((place, index) => ({
      id: index + 1,
      message: { text: traceLine(place).what },
      physicalLocation: physicalLocation(place),
    })),
    partialFingerprints: { 'distrolessUse/v1': `${use.stack}/${use.logicalId}/${acknowledgementId(finding)}` },
    suppressions: acknowledged === undefined ? [] : [{ kind: 'external', justification: acknowledged.reason }],
  };
}

function messageText(finding: ReportedFinding): string {
  const { container, constructPath, stack, logicalId } = finding.use;
  return `${finding.message} (container ${container} of ${constructPath ?? `${stack}/${logicalId}`})\nfix: ${finding.fix}`;
}

/** A finding that rests on no line of a Dockerfile is shown at the template. */
function location({ use }: ReportedFinding, place?: SourceLocation): object {
  const physical = place === undefined ? templateLocation(use.templateFile) : physicalLocation(place);
  const fullyQualifiedName = use.constructPath ?? `${use.stack}/${use.logicalId}`;
  return {
    ...(physical === undefined ? {} : { physicalLocation: physical }),
    logicalLocations: [{ name: use.logicalId, fullyQualifiedName, kind: 'resource' }],
  };
}

function templateLocation(file?: string): object | undefined {
  return file === undefined ? undefined : { artifactLocation: { uri: uri(file) } };
}

function physicalLocation(place: SourceLocation): object {
  const startColumn = place.column === undefined ? {} : { startColumn: place.column };
  return {
    artifactLocation: { uri: uri(place.file) },
    region: { startLine: place.line, ...startColumn, snippet: { text: place.text } },
  };
}

/** Relative paths stay relative (to the repository, for a code host); absolute ones need their scheme. */
function uri(path: string): string {
  const encoded = path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return encoded.startsWith('/') ? `file://${encoded}` : encoded;
}
