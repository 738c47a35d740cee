import { rmSync } from 'node:fs';
import { Assembly } from './harness/assembly';
import { describeUnless } from './harness/conditions';
import { describeWithDocker } from './harness/facts';
import { testService } from './harness/service-tests';
import { fetchProject } from './public-projects/fetched-project';
import { PROJECTS, SKIPPED_PROJECTS } from './public-projects/projects';

/** It takes minutes, and of each language services of this repository are built twice in any case. */
const BUILT_ONCE = process.env.DISTROLESS_E2E_TWICE ? undefined : 'only with DISTROLESS_E2E_TWICE=1';

describeWithDocker('projects that others have published, built and run as CDK and ECS do it', () => {
  PROJECTS.forEach(fetchProject);
  const assembly = Assembly.synthesize('test/e2e/public-projects/app.ts');

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  describe.each(PROJECTS.map((project) => [project.name, project] as const))('%s', (name, project) => {
    testService(assembly, assembly.container(name), { builtOnce: BUILT_ONCE, ...project });
  });

  for (const { name, obstacle } of SKIPPED_PROJECTS) describeUnless(obstacle, name, () => test.todo(name));
});
