import Ajv from 'ajv';
import { JsonDocument } from '../../lib/evidence/json-document';

const TEXT = `{
  "a": {
    "b/c": [1, 2,
      { "d": "x, \\"y\\": [" }]
  },
  "e~f": null,
  "g": []
}`;

const ANYTHING = new Ajv().compile({});

describe('JsonDocument', () => {
  test('knows the line of every part', () => {
    const document = JsonDocument.parse(TEXT, 'x.json');
    const lines = ['/a', '/a/b~1c', '/a/b~1c/1', '/a/b~1c/2', '/a/b~1c/2/d', '/e~0f', '/g'].map((p) =>
      document.lineOf(p),
    );
    expect(lines).toEqual([2, 3, 3, 4, 4, 6, 7]);
    expect(document.validated(ANYTHING)).toEqual(JSON.parse(TEXT));
  });

  test('knows the line around a part that is not there', () => {
    const document = JsonDocument.parse(TEXT, 'x.json');
    expect(document.lineOf('/a/b~1c/2/z')).toBe(4);
    expect(document.lineOf('/z')).toBe(1);
  });

  test.each([
    ['{\n"a": 1,\n}', 3],
    ['{\n"a": \n', 3],
    ['<<<<<<< HEAD\n{}', 1],
    ['', 1],
    ['[1 2]', 1],
    ['{"a" 1}', 1],
    ['{a: 1}', 1],
    ['[01]', 1],
    ['[1]\n]', 2],
    ['["\n"]', 1],
    ['["\\x"]', 1],
  ])('fails on %j with the line', (text, line) => {
    expect(() => JsonDocument.parse(text, 'x.json')).toThrow(new RegExp(`^x\\.json:${line}: not JSON: `));
  });

  test('fails on nesting that no person writes', () => {
    expect(() => JsonDocument.parse('['.repeat(100_000), 'x.json')).toThrow('x.json:1: nested deeper than 100');
  });

  test('reads a member called __proto__ as any other', () => {
    const value = JsonDocument.parse('{"__proto__": 1}', 'x.json').validated(ANYTHING);
    expect(Object.keys(value as object)).toEqual(['__proto__']);
  });

  test('fails on a member that is there twice', () => {
    expect(() => JsonDocument.parse('{"a": 1,\n "b": {}, "a": 2}', 'x.json')).toThrow('x.json:2: "a" is there twice');
    expect(JsonDocument.parse('[{"a": 1}, {"a": 1}]', 'x.json').validated(ANYTHING)).toHaveLength(2);
  });

  test.each<[object, string]>([
    [{ additionalProperties: false, properties: { a: {}, g: {} } }, 'x.json:6: the document has no member "e~f"'],
    [{ properties: { a: { type: 'string' } } }, 'x.json:2: /a must be string'],
    [
      { properties: { a: { properties: { 'b/c': { maxItems: 1 } } } } },
      'x.json:3: /a/b~1c must NOT have more than 1 items',
    ],
    [{ properties: { g: { enum: ['x', 'y'] } } }, 'x.json:7: /g must be one of x, y'],
    [{ properties: { g: { const: 1 } } }, 'x.json:7: /g must be 1'],
  ])('fails where a schema is not satisfied: %j', (schema, message) => {
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(() => JsonDocument.parse(TEXT, 'x.json').validated(validate)).toThrow(message);
  });
});
