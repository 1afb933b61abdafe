import { expect, test } from '@jest/globals';
import { parseJson } from '../../../src/node/json-text.ts';

test.each([
  '{"a":9007199254740993,"b":[-18446744073709551617]}',
  '{"a":1.0,"b":1e3,"c":-0,"d":0.1234567890123456789}',
  '{"b":1,"a":{"z":null,"y":[true,"1.0"]}}',
])('%s is written as it was read', (text) => {
  expect(JSON.stringify(parseJson(text))).toBe(text);
});

test('other values are plain', () => {
  expect(parseJson('{"a":[12,"x",false,null]}')).toEqual({ a: [12, 'x', false, null] });
});

test('what is no JSON is none', () => {
  expect(() => parseJson('{"a":1,}')).toThrow(SyntaxError);
});
