import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { sarifReport } from '../../lib/report/sarif';
import { CLEAN, IN_LAYERS, REPORT, SHELL } from './findings';

const RULES = [
  { id: 'Shell', summary: 'a shell is in the image', defaultSeverity: 'error', page: '# Shell' },
  {
    id: 'WritableRoot',
    summary: 'the root filesystem can be written',
    defaultSeverity: 'warning',
    page: '# WritableRoot',
  },
] as const;
const OPTIONS = { rules: RULES, version: '1.2.3' };

interface Sarif {
  readonly runs: ReadonlyArray<{
    readonly tool: { readonly driver: { readonly rules: ReadonlyArray<{ readonly id: string }> } };
    readonly results: ReadonlyArray<Record<string, unknown>>;
  }>;
}

function sarif(report = REPORT): Sarif {
  return JSON.parse(sarifReport(report, OPTIONS)) as Sarif;
}

test('a finding is shown at the line of its Dockerfile, what it rests on beside it', () => {
  const [result] = sarif().runs[0].results;
  expect(result).toMatchObject({
    ruleId: 'Distroless::Shell',
    ruleIndex: 0,
    level: 'error',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'services/web/Dockerfile' },
          region: { startLine: 9, startColumn: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: 'Web/TaskDef/Resource' }],
      },
    ],
    relatedLocations: [{ physicalLocation: { region: { startLine: 1 } } }],
    suppressions: [],
  });
});

test('a finding without a line is shown at the template', () => {
  const report = { uses: 1, findings: [IN_LAYERS] };
  expect(sarif(report).runs[0].results[0]).toMatchObject({
    locations: [{ physicalLocation: { artifactLocation: { uri: 'cdk.out/Web.template.json' } } }],
    relatedLocations: [],
  });
});

test('an acknowledged finding is suppressed with its reason', () => {
  expect(sarif().runs[0].results[2]).toMatchObject({ suppressions: [{ justification: 'goes with INFRA-1234' }] });
});

test('paths are uris: blanks escaped, absolute ones with a scheme', () => {
  const at = (file: string) => sarif({ uses: 1, findings: [{ ...SHELL, trace: [{ file, line: 1, text: 'FROM x' }] }] });
  const uriOf = (file: string) => JSON.stringify(at(file).runs[0].results[0]).match(/"uri":"([^"]*)"/)?.[1];
  expect(uriOf('my services/Dockerfile')).toBe('my%20services/Dockerfile');
  expect(uriOf('/srv/a b/Dockerfile')).toBe('file:///srv/a%20b/Dockerfile');
});

const schemaFile = process.env.DISTROLESS_SARIF_SCHEMA ?? '';
const describeWithSchema = existsSync(schemaFile) ? describe : describe.skip;

describeWithSchema('against the schema of OASIS (DISTROLESS_SARIF_SCHEMA names its file)', () => {
  test.each([
    ['with findings', REPORT],
    ['without findings', CLEAN],
  ])('a report %s is valid', (_name, report) => {
    // One pattern of the schema is none in the unicode mode of regular expressions.
    const ajv = new Ajv({ strict: false, unicodeRegExp: false });
    addFormats(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
    expect(validate(sarif(report)) || validate.errors).toBe(true);
  });
});
