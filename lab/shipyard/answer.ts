import { encode, type Json } from './go/encode.ts';

/** What a handler gives back. `close` is the panic of a Go handler: the connection ends without a byte. */
export type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'close' };

export type Headers = Readonly<Record<string, string>>;

export const close: Answer = { kind: 'close' };

export const answer = (status: number, headers: Headers, body: string): Answer => ({
  kind: 'answer',
  status,
  headers,
  body,
});

/** 200 with a JSON value; `undefined` is the `null` that Go writes for a nil pointer. */
export const json = (value: Json | undefined): Answer =>
  answer(200, { 'Content-Type': 'application/json' }, value === undefined ? 'null\n' : encode(value));

/** 200 with JSON under the type that Go guesses where a handler names none. */
export const untypedJson = (value: Json): Answer =>
  answer(200, { 'Content-Type': 'text/plain; charset=utf-8' }, encode(value));

/** Go's `http.Error`: the text and a newline. */
export const failure = (status: number, text: string): Answer =>
  answer(
    status,
    { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
    `${text}\n`,
  );

export const notFound = (): Answer => failure(404, '404 page not found');

export const empty = (status: number, headers: Headers = {}): Answer => answer(status, headers, '');

export const withHeader = (given: Answer, name: string, value: string): Answer =>
  given.kind === 'close' ? given : { ...given, headers: { ...given.headers, [name]: value } };
