import { Ajv } from 'ajv';
import { jsonReport } from '../../lib/report/json';
import schema from '../../lib/report/findings.schema.json';
import { CLEAN, REPORT } from './findings';

const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

test.each([
  ['with findings', REPORT],
  ['without findings', CLEAN],
])('a report %s follows the schema in the package', (_name, report) => {
  const document: unknown = JSON.parse(jsonReport(report));
  expect(validate(document) || validate.errors).toBe(true);
});

test('a finding has the fields of the contract', () => {
  const { findings } = JSON.parse(jsonReport(REPORT)) as { findings: object[] };
  expect(findings[0]).toEqual({
    rule: 'Shell',
    severity: 'error',
    stack: 'Web',
    logicalId: 'TaskDef54694570',
    constructPath: 'Web/TaskDef/Resource',
    resourceType: 'AWS::ECS::TaskDefinition',
    propertyPath: 'ContainerDefinitions[0].Image',
    container: 'web',
    message: 'busybox reaches the final image as /bin/sh',
    fix: 'drop the COPY; for a health check use HealthProbe, for debugging DebugSidecar',
    trace: [
      { file: 'services/web/Dockerfile', line: 9, text: 'COPY --from=tools \\\n  /bin/busybox /bin/sh' },
      { file: 'services/web/Dockerfile', line: 1, text: 'FROM busybox:1.37 AS tools' },
    ],
    acknowledged: null,
  });
  expect(findings[1]).toMatchObject({ constructPath: null, trace: [{ layer: 3, path: 'app/tool' }] });
  expect(findings[2]).toMatchObject({ acknowledged: { reason: 'goes with INFRA-1234' } });
});
