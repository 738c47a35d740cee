import { findingText, textReport } from '../../lib/report/text';
import { CLEAN, IN_LAYERS, REPORT, SHELL } from './findings';

test('a finding reads like a compiler error: id, lines, fix', () => {
  expect(findingText(SHELL)).toBe(
    [
      'Distroless::Shell[web]  busybox reaches the final image as /bin/sh',
      '    services/web/Dockerfile:9   COPY --from=tools \\ /bin/busybox /bin/sh',
      '    services/web/Dockerfile:1   FROM busybox:1.37 AS tools',
      '  fix: drop the COPY; for a health check use HealthProbe, for debugging DebugSidecar',
    ].join('\n'),
  );
});

test('a finding in the layers names the layer and the path', () => {
  expect(findingText(IN_LAYERS)).toContain('\n    layer 3   /app/tool\n');
});

test('a report groups by resource, tells who acknowledged what, and counts', () => {
  expect(textReport(REPORT)).toMatchInlineSnapshot(`
    "Web/TaskDef/Resource  AWS::ECS::TaskDefinition
    Distroless::Shell[web]  busybox reaches the final image as /bin/sh
        services/web/Dockerfile:9   COPY --from=tools \\ /bin/busybox /bin/sh
        services/web/Dockerfile:1   FROM busybox:1.37 AS tools
      fix: drop the COPY; for a health check use HealthProbe, for debugging DebugSidecar
    Distroless::WritableRoot[web]  the root filesystem of \`web\` is not *read-only* (warning)
      fix: set readonlyRootFilesystem: true
           and mount a tmpfs at /tmp
      acknowledged: goes with INFRA-1234

    Web/TaskDef54694570  AWS::ECS::TaskDefinition
    Distroless::Shell[side|car]  busybox reaches the final image as /bin/sh
        layer 3   /app/tool
      fix: drop the COPY; for a health check use HealthProbe, for debugging DebugSidecar

    3 image uses: 2 errors, 1 acknowledged
    "
  `);
});

test('a report without findings says so', () => {
  expect(textReport(CLEAN)).toBe('1 image use: no findings\n');
});

test('colours are terminal codes around the same words', () => {
  const colored = textReport(REPORT, { color: true });
  expect(colored).toContain('\u001b[31mDistroless::Shell[web]\u001b[39m');
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(textReport(REPORT));
});

test('a very long instruction is cut', () => {
  const text = `RUN ${'x'.repeat(5000)}`;
  const long = { ...SHELL, trace: [{ file: 'Dockerfile', line: 1, text }] };
  expect(
    Math.max(
      ...findingText(long)
        .split('\n')
        .map((line) => line.length),
    ),
  ).toBeLessThan(250);
});
