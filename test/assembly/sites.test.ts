import { SITES } from '../../lib/assembly/sites';
import { container, image, SITE_CASES } from './site-cases';
import { imagesIn, usesOf } from './template-model';

describe('the table of sites', () => {
  test.each(SITE_CASES)('row %i: finds every image in %s', (_, type, properties, expected) => {
    const uses = usesOf(type, properties);
    expect(Object.fromEntries(uses.map((use) => [use.propertyPath, use.role]))).toEqual(expected);
    expect(imagesIn(uses).filter((found) => found !== image && found !== 'opaque')).toEqual([]);
  });

  test('every resource type of the table has a case', () => {
    const tried = SITE_CASES.map(([, type]) => type);
    expect(SITES.flatMap((site) => site.types).filter((type) => !tried.includes(type))).toEqual([]);
  });

  test('covers all 32 rows of the survey', () => {
    expect(new Set(SITE_CASES.map(([row]) => row)).size).toBe(32);
  });
});

describe('a container', () => {
  test('is called by its name', () => {
    expect(usesOf('AWS::ECS::TaskDefinition', { ContainerDefinitions: [container] })[0].container).toBe('c');
  });

  test('is called by its property path where it has no name', () => {
    const uses = usesOf('AWS::SageMaker::Model', { Containers: [{ Image: image }] });
    expect(uses[0].container).toBe('Containers[0].Image');
  });

  test('that the template takes away is not there', () => {
    const containers = [{ Ref: 'AWS::NoValue' }, container];
    expect(usesOf('AWS::ECS::TaskDefinition', { ContainerDefinitions: containers })).toHaveLength(1);
  });

  test('that only the deployment knows is opaque, not missing', () => {
    const uses = usesOf('AWS::ECS::TaskDefinition', { ContainerDefinitions: { 'Fn::Transform': { Name: 'Mine' } } });
    expect(imagesIn(uses)).toEqual(['opaque']);
  });
});
