import { GoError } from './error.ts';
import { firstValue } from './syntax.ts';

/** A Go type that a request body is decoded into. */
export type Shape = 'string' | 'float64' | 'int64' | '[]string' | Struct;

/** A Go struct: its type as Go prints it, and its fields by their JSON names. */
export type Struct = { readonly type: string; readonly fields: Readonly<Record<string, Shape>> };

/** What a body of that shape gives; members that the body does not have are `undefined`. */
export type Decoded<S extends Shape> = S extends 'string'
  ? string
  : S extends 'float64' | 'int64'
    ? number
    : S extends '[]string'
      ? string[]
      : S extends Struct
        ? { [Name in keyof S['fields']]?: Decoded<S['fields'][Name]> }
        : never;

/**
 * Decodes the first JSON value of a body as Go does: names in any case, unknown ones ignored, `null` is nothing.
 * The answer is `undefined` where Go leaves a nil pointer. Throws GoError with Go's message.
 */
export const decode = <S extends Struct>(body: string, shape: S): Decoded<S> | undefined => {
  const value: unknown = JSON.parse(firstValue(body));
  const mismatches: GoError[] = [];
  const decoded = convert(value, shape, { struct: '', path: [], mismatches });
  // Go goes on after a value of the wrong type and reports the first one at the end.
  const [first] = mismatches;
  if (first !== undefined) {
    throw first;
  }
  return decoded as Decoded<S> | undefined;
};

type Place = {
  readonly struct: string;
  readonly path: readonly string[];
  readonly mismatches: GoError[];
};

const convert = (value: unknown, shape: Shape, place: Place): unknown => {
  if (value === null) {
    return undefined;
  }
  if (isOfShape(value, shape)) {
    return fill(value, shape, place);
  }
  const { struct, path, mismatches } = place;
  const type = typeof shape === 'string' ? shape : shape.type;
  const target = struct === '' ? 'Go value' : `Go struct field ${struct}.${path.join('.')}`;
  mismatches.push(
    new GoError(`json: cannot unmarshal ${describe(value, type)} into ${target} of type ${type}`),
  );
  return undefined;
};

const isOfShape = (value: unknown, shape: Shape): boolean => {
  switch (shape) {
    case 'string':
      return typeof value === 'string';
    case 'float64':
      return typeof value === 'number';
    case 'int64':
      return Number.isInteger(value);
    case '[]string':
      return Array.isArray(value);
    default:
      return typeof value === 'object' && !Array.isArray(value);
  }
};

const fill = (value: unknown, shape: Shape, place: Place): unknown => {
  if (typeof shape !== 'string') {
    return fillStruct(Object(value) as object, shape, place);
  }
  if (Array.isArray(value)) {
    return value.map((item) => convert(item, 'string', place) ?? '');
  }
  // Half of a surrogate pair becomes U+FFFD, as in Go.
  return typeof value === 'string' ? value.toWellFormed() : value;
};

const fillStruct = (value: object, struct: Struct, place: Place): unknown => {
  const decoded: Record<string, unknown> = {};
  const names = new Map(Object.keys(struct.fields).map((name) => [name.toLowerCase(), name]));
  for (const [given, member] of Object.entries(value)) {
    const name = names.get(given.toLowerCase());
    const shape = name === undefined ? undefined : struct.fields[name];
    if (name !== undefined && shape !== undefined) {
      const bareType = struct.type.slice(struct.type.indexOf('.') + 1);
      decoded[name] = convert(member, shape, { ...place, struct: bareType, path: [...place.path, name] });
    }
  }
  return decoded;
};

const describe = (value: unknown, type: string): string => {
  if (Array.isArray(value)) {
    return 'array';
  }
  if (typeof value === 'number') {
    return type === 'int64' ? `number ${value}` : 'number';
  }
  return typeof value === 'boolean' ? 'bool' : typeof value;
};
