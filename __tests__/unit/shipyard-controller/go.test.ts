import { expect, test } from '@jest/globals';
import { engineRowShape } from '../../../lab/shipyard/engine-row.ts';
import { decode } from '../../../lab/shipyard/go/decode.ts';
import { encode, omitEmpty } from '../../../lab/shipyard/go/encode.ts';
import { quote } from '../../../lab/shipyard/go/quote.ts';
import { firstValue } from '../../../lab/shipyard/go/syntax.ts';
import { parseTarget } from '../../../lab/shipyard/go/target.ts';

// The messages are those of Go 1.19's encoding/json, net/url and net/http.
test.each([
  ['', 'EOF'],
  [' \n', 'EOF'],
  ['{', 'unexpected EOF'],
  ['{"a"', 'unexpected EOF'],
  ['"abc', 'unexpected EOF'],
  ['username=x', "invalid character 'u' looking for beginning of value"],
  ['<html>', "invalid character '<' looking for beginning of value"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
  ['{a', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1', "invalid character '1' after object key"],
  ['{"a":1 "b"', `invalid character '"' after object key:value pair`],
  ['[1 2]', "invalid character '2' after array element"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['nul1', "invalid character '1' in literal null (expecting 'l')"],
  ['-x', "invalid character 'x' in numeric literal"],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
  ['1ex', "invalid character 'x' in exponent of numeric literal"],
])('%j is no JSON: %s', (text, message) => {
  expect(() => firstValue(text)).toThrow(message);
});

test('what follows the first value is ignored', () => {
  expect(firstValue(' {"a":[1,-2.5e+3,true,"}"]}\ngarbage')).toBe('{"a":[1,-2.5e+3,true,"}"]}');
});

test.each([
  ['{"engine":{"cpus":"4"}}', 'string into Go struct field Engine.engine.cpus of type float64'],
  ['{"engine":{"labels":"a"}}', 'string into Go struct field Engine.engine.labels of type []string'],
  ['{"engine":{"labels":[1]}}', 'number into Go struct field Engine.engine.labels of type string'],
  ['{"engine":[]}', 'array into Go struct field Engine.engine of type citadel.Engine'],
  [
    '{"health":{"response_time":1.5}}',
    'number 1.5 into Go struct field Health.health.response_time of type int64',
  ],
  ['{"id":true}', 'bool into Go struct field Engine.id of type string'],
  ['[]', 'array into Go value of type shipyard.Engine'],
])('%s is refused: cannot unmarshal %s', (body, message) => {
  expect(() => decode(body, engineRowShape)).toThrow(`json: cannot unmarshal ${message}`);
});

test('names count in any case, null is nothing, unknown members are ignored', () => {
  expect(decode('{"ENGINE":{"Id":"a","addr":null,"x":1},"ssl_cert":null}', engineRowShape)).toEqual({
    engine: { id: 'a', addr: undefined },
    ssl_cert: undefined,
  });
  expect(decode('null', engineRowShape)).toBeUndefined();
});

test('JSON is escaped as Go escapes it', () => {
  expect(encode({ a: '<&>\u2028\b\f\u0001é\\b"' })).toBe(
    '{"a":"\\u003c\\u0026\\u003e\\u2028\\u0008\\u000c\\u0001é\\\\b\\""}\n',
  );
  expect(omitEmpty({ a: '', b: 0, c: [], d: undefined, e: {}, f: -1, g: [''] })).toEqual({
    e: {},
    f: -1,
    g: [''],
  });
});

test('strings are quoted as Go quotes them', () => {
  expect(quote('a"b\n\u0001\u0007\u007fé')).toBe('"a\\"b\\n\\x01\\a\\x7fé"');
});

test.each([
  ['http://h', { scheme: 'http', host: 'h', hostname: 'h', port: 80, path: '/' }],
  ['HTTPS://u:p@h:1/x?y#z', { scheme: 'https', host: 'h:1', hostname: 'h', port: 1, path: '/x?y' }],
  [
    'https://[::1]:2376/_ping',
    { scheme: 'https', host: '[::1]:2376', hostname: '::1', port: 2376, path: '/_ping' },
  ],
])('%s is requested', (url, target) => {
  expect(parseTarget(url)).toEqual(target);
});

test.each([
  ['/_ping', 'Get "/_ping": unsupported protocol scheme ""'],
  [
    'unix:///run/docker.sock/_ping',
    'Get "unix:///run/docker.sock/_ping": unsupported protocol scheme "unix"',
  ],
  ['127.0.0.1:2375/_ping', 'parse "127.0.0.1:2375/_ping": first path segment in URL cannot contain colon'],
  ['http://%zz:2375/_ping', 'parse "http://%zz:2375/_ping": invalid URL escape "%zz"'],
  ['http://h:x/_ping', 'parse "http://h:x/_ping": invalid port ":x" after host'],
  ['http://a b/_ping', 'parse "http://a b/_ping": invalid character " " in host name'],
  ['http:///_ping', 'Get "http:///_ping": http: no Host in request URL'],
  [':x', 'parse ":x": missing protocol scheme'],
  ['http://h\n/_ping', 'parse "http://h\\n/_ping": net/url: invalid control character in URL'],
])('%j is not requested', (url, message) => {
  expect(() => parseTarget(url)).toThrow(message);
});
