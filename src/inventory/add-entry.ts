import { isMap, isSeq, parseDocument, stringify, type Document, type YAMLSeq } from 'yaml';

/** The fields of an entry as texts and lists of texts, in the order in which they are to be written. */
export type EntryFields = Readonly<Record<string, unknown>>;

/**
 * The text of a YAML or JSON inventory with one entry more at its end, comments kept. Where the list is written in lines of
 * its own, every other byte stays as it is. `undefined` where there is no list to which it could be added.
 */
export function addEntry(text: string, entry: EntryFields): string | undefined {
  const document = parseDocument(text, { schema: 'failsafe' });
  const list = listOf(document);
  if (!list) return undefined;
  const last = list.items.at(-1);
  return !list.flow && hasRange(last)
    ? insertAfter(text, last.range, entry)
    : withItem(document, list, entry, isJson(text));
}

/** The list of nodes; a new one in a document that is empty, or has nothing under `nodes`. */
function listOf(document: Document): YAMLSeq | undefined {
  const { contents } = document;
  if (isSeq(contents)) return contents;
  if (contents !== null && !isMap(contents)) return undefined;
  if (contents === null) document.contents = document.createNode({});
  const list = document.get('nodes');
  if (isSeq(list)) return list;
  if (list !== undefined && list !== '' && list !== null) return undefined;
  document.set('nodes', document.createNode([]));
  return document.get('nodes') as YAMLSeq;
}

type Range = readonly [start: number, valueEnd: number, nodeEnd: number];

function hasRange(item: unknown): item is { readonly range: Range } {
  return isMap(item) && Array.isArray(item.range);
}

/** After the line on which the last entry ends, as deep as the dash before that entry. */
function insertAfter(text: string, [start, end]: Range, entry: EntryFields): string {
  const dash = text.lastIndexOf('-', start);
  const depth = dash - text.lastIndexOf('\n', dash) - 1;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = stringify([entry], { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map((line) => `${' '.repeat(depth)}${line}${newline}`)
    .join('');
  const endOfLine = text.indexOf('\n', end);
  if (text[end - 1] === '\n') return text.slice(0, end) + lines + text.slice(end);
  if (endOfLine < 0) return text + newline + lines;
  return text.slice(0, endOfLine + 1) + lines + text.slice(endOfLine + 1);
}

function withItem(document: Document, list: YAMLSeq, entry: EntryFields, json: boolean): string {
  if (list.items.length === 0 && !json) list.flow = false;
  list.add(document.createNode(entry, { flow: list.flow === true }));
  return document.toString({
    lineWidth: 0,
    ...(json && { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE' }),
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
