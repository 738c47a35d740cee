import { imageUses } from '../../lib/assembly/image-uses';
import type { DockerAsset } from '../../lib/assembly/docker-assets';
import { modelOf } from './template-model';

const HASH = '0a1b2c3d'.repeat(8);

const ASSET: DockerAsset = {
  id: HASH,
  name: 'S/Image',
  destinations: [`cdk-assets:${HASH}`],
  origin: { kind: 'dockerfile', assetId: HASH, directory: '/a', dockerfile: 'Dockerfile', displayPath: 'Dockerfile' },
  source: {},
  manifestFile: '/assembly/S.assets.json',
  directory: '/assembly',
};

const IMAGE = { 'Fn::Sub': `\${AWS::AccountId}.dkr.ecr.eu-west-1.\${AWS::URLSuffix}/cdk-assets:${HASH}` };

describe('an image asset that a resource mentions where no image belongs', () => {
  test.each([
    ['as a tag', `run ${HASH} there`],
    ['behind a line feed', `\n${HASH}`],
    ['behind a backspace, whose escape in JSON is a letter that hashes have', `\b${HASH}`],
    ['behind a form feed, likewise', `\f${HASH}`],
  ])('is judged, %s', (_, Value) => {
    const template = { Resources: { R: { Type: 'AWS::SQS::Queue', Properties: { Tags: [{ Key: 'k', Value }] } } } };
    expect(imageUses(modelOf({ S: template }, [ASSET]))).toMatchObject([
      { propertyPath: 'Tags[0].Value', origin: ASSET.origin },
    ]);
  });

  test('is judged once where the same resource runs it', () => {
    const Properties = { ContainerDefinitions: [{ Name: 'web', Image: IMAGE, DockerLabels: { build: HASH } }] };
    const template = { Resources: { T: { Type: 'AWS::ECS::TaskDefinition', Properties } } };
    expect(imageUses(modelOf({ S: template }, [ASSET]))).toMatchObject([{ container: 'web', origin: ASSET.origin }]);
  });

  test('is nothing where it is no asset of the assembly', () => {
    const Properties = { Tags: [{ Key: 'k', Value: 'f'.repeat(64) }] };
    const template = { Resources: { R: { Type: 'AWS::SQS::Queue', Properties } } };
    expect(imageUses(modelOf({ S: template }, [ASSET]))).toEqual([]);
  });
});
