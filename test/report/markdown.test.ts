import { markdownReport } from '../../lib/report/markdown';
import { CLEAN, REPORT, SHELL } from './findings';

test('a report is a heading, a count and a section for each finding', () => {
  expect(markdownReport(REPORT)).toMatchInlineSnapshot(`
    "# Distroless findings

    3 image uses: 2 errors, 1 acknowledged.

    ## \`Distroless::Shell[web]\` error

    busybox reaches the final image as /bin/sh, in \`Web/TaskDef/Resource\`.

    \`\`\`text
    services/web/Dockerfile:9   COPY --from=tools \\ /bin/busybox /bin/sh
    services/web/Dockerfile:1   FROM busybox:1.37 AS tools
    \`\`\`

    **Fix:** drop the COPY; for a health check use HealthProbe, for debugging DebugSidecar

    ## \`Distroless::Shell[side|car]\` error

    busybox reaches the final image as /bin/sh, in \`Web/TaskDef54694570\`.

    \`\`\`text
    layer 3   /app/tool
    \`\`\`

    **Fix:** drop the COPY; for a health check use HealthProbe, for debugging DebugSidecar

    ## \`Distroless::WritableRoot[web]\` warning, acknowledged

    the root filesystem of \\\`web\\\` is not \\*read-only\\*, in \`Web/TaskDef/Resource\`.

    **Fix:** set readonlyRootFilesystem: true
    and mount a tmpfs at /tmp

    **Acknowledged:** goes with INFRA-1234
    "
  `);
});

test('a report without findings says so', () => {
  expect(markdownReport(CLEAN)).toBe('# Distroless findings\n\n1 image use: no findings.\n');
});

test('an instruction cannot end the block that it is shown in', () => {
  const text = 'RUN echo ```\n# Heading';
  const markdown = markdownReport({
    uses: 1,
    findings: [{ ...SHELL, trace: [{ file: 'Dockerfile', line: 1, text }] }],
  });
  expect(markdown).toContain('````text\nDockerfile:1   RUN echo ``` # Heading\n````');
});
