import type { ImageUse } from '../../lib/policy/image-use';
import type { Report, ReportedFinding } from '../../lib/report/report';

export const USE: ImageUse = {
  stack: 'Web',
  logicalId: 'TaskDef54694570',
  constructPath: 'Web/TaskDef/Resource',
  templateFile: 'cdk.out/Web.template.json',
  resourceType: 'AWS::ECS::TaskDefinition',
  propertyPath: 'ContainerDefinitions[0].Image',
  container: 'web',
  role: 'service',
  origin: { kind: 'opaque', reason: 'not looked at here' },
  settings: {},
};

export const SHELL: ReportedFinding = {
  rule: 'Shell',
  severity: 'error',
  use: USE,
  message: 'busybox reaches the final image as /bin/sh',
  trace: [
    { file: 'services/web/Dockerfile', line: 9, column: 1, text: 'COPY --from=tools \\\n  /bin/busybox /bin/sh' },
    { file: 'services/web/Dockerfile', line: 1, text: 'FROM busybox:1.37 AS tools' },
  ],
  fix: 'drop the COPY; for a health check use HealthProbe, for debugging DebugSidecar',
};

export const IN_LAYERS: ReportedFinding = {
  ...SHELL,
  use: { ...USE, constructPath: undefined, container: 'side|car' },
  trace: [{ layer: 3, path: 'app/tool' }],
};

export const WRITABLE: ReportedFinding = {
  rule: 'WritableRoot',
  severity: 'warning',
  use: USE,
  message: 'the root filesystem of `web` is not *read-only*',
  trace: [],
  fix: 'set readonlyRootFilesystem: true\nand mount a tmpfs at /tmp',
  acknowledged: { reason: 'goes with INFRA-1234' },
};

export const REPORT: Report = { uses: 3, findings: [SHELL, IN_LAYERS, WRITABLE] };
export const CLEAN: Report = { uses: 1, findings: [] };
