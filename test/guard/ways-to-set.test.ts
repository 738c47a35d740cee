import { readAssembly } from '../../lib/assembly/cloud-assembly';
import { FactsOfOrigins } from '../../lib/assembly/facts-of-origin';
import { imageUses } from '../../lib/assembly/image-uses';
import type { Json, JsonObject } from '../../lib/assembly/json';
import { evaluate } from '../../lib/policy/evaluate';
import type { ImageUse } from '../../lib/policy/image-use';
import { Policy } from '../../lib/policy/policy';
import { writeAssembly } from '../assembly/cdk-apps';
import { image, SITE_CASES, type SiteCase } from '../assembly/site-cases';
import { GOOD } from './attacks/attack';
import { WAYS_TO_SET } from './attacks/by-value';

/** The rules that say that something else is run than a distroless image. */
const ABOUT_IMAGES = ['NonDistrolessBase', 'Unproven'];

/** Whatever only builds is looked at here, too. */
const POLICY = Policy.from({ includeBuildImages: true });

/** The cases that hold images as they are; those of Helm take them apart. */
const CASES = SITE_CASES.filter(
  ([, , properties, expected]) => JSON.stringify(properties).includes(image) && Object.keys(expected).length > 0,
);

/** The resource of a site, its images set in some way. Documents are texts, so that a value is joined to what is around it. */
function resourceOf([, Type, properties]: SiteCase, value: Json): JsonObject {
  const set = (json: Json): Json => {
    if (json === image) return value;
    if (typeof json === 'string' && json.includes(image)) return { 'Fn::Join': ['', pieces(json, value)] };
    if (Array.isArray(json)) return json.map(set);
    if (typeof json !== 'object' || json === null) return json;
    return Object.fromEntries(Object.entries(json).map(([key, member]) => [key, set(member)]));
  };
  return { Type, Properties: set(properties) };
}

function pieces(document: string, value: Json): Json[] {
  return document.split(image).flatMap((piece, index) => (index === 0 ? [piece] : [value, piece]));
}

/** The sites, as `logical id property path`, that nothing is said of; each resource of the template is one case. */
function passed(value: Json, sections: JsonObject): string[] {
  const resources = CASES.map((site, index) => [`R${index}`, resourceOf(site, value)] as const);
  const artifacts = { S: { type: 'aws:cloudformation:stack', properties: { templateFile: 's.json' } } };
  const template = { ...sections, Resources: Object.fromEntries(resources) };
  const directory = writeAssembly({ 'manifest.json': { version: '36.0.0', artifacts }, 's.json': template });
  const facts = new FactsOfOrigins(POLICY);
  const told = imageUses(readAssembly(directory)).filter((use) => isToldOf(use, facts));
  const expected = CASES.flatMap(([, , , paths], index) => Object.keys(paths).map((path) => `R${index} ${path}`));
  return expected.filter(
    (place) =>
      !told.some(
        ({ logicalId, propertyPath: path }) => `${logicalId} ${path}` === place || isDocument(place, logicalId, path),
      ),
  );
}

function isToldOf(use: ImageUse, facts: FactsOfOrigins): boolean {
  const findings = evaluate(use, facts.of(use.origin), POLICY, '2026-11-23');
  return findings.some(({ rule }) => ABOUT_IMAGES.includes(rule));
}

/** A document that cannot be read is told as a whole. */
function isDocument(place: string, logicalId: string, propertyPath: string): boolean {
  return propertyPath !== '' && !propertyPath.includes('.') && place.startsWith(`${logicalId} ${propertyPath}`);
}

describe('at every site of images, whatever it runs is told of, when it is set by', () => {
  test.each(WAYS_TO_SET)('%s', (_, value, sections) => {
    expect(passed(value, sections)).toEqual([]);
  });

  test('nothing but a distroless image, of which there is nothing to tell', () => {
    expect(passed(GOOD, {})).toHaveLength(CASES.flatMap(([, , , paths]) => Object.keys(paths)).length);
  });
});
