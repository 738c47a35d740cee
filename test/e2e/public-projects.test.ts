import { rmSync } from 'node:fs';
import { Assembly } from './harness/assembly';
import { describeUnless } from './harness/conditions';
import { describeWithDocker } from './harness/facts';
import { testService } from './harness/service-tests';
import { fetchProject } from './public-projects/fetched-project';
import { PROJECTS, SKIPPED_PROJECTS } from './public-projects/projects';

describeWithDocker('projects that others have published, built and run as CDK and ECS do it', () => {
  PROJECTS.forEach(fetchProject);
  const assembly = Assembly.synthesize('test/e2e/public-projects/app.ts');

  afterAll(() => rmSync(assembly.directory, { recursive: true }));

  describe.each(PROJECTS.map((project) => [project.name, project] as const))('%s', (name, project) => {
    testService(assembly, assembly.container(name), project);
  });

  for (const { name, obstacle } of SKIPPED_PROJECTS) describeUnless(obstacle, name, () => test.todo(name));
});
