import {
  isAlias,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type ParsedNode,
} from 'yaml';
import type { Explanation } from '../errors.ts';
import type { Position, Report } from './entry.ts';

/** Far more than any fleet needs that shares its labels, and far less than a "billion laughs" does. */
const MAX_ALIASES = 10_000;

/** A sound YAML document. */
export type YamlDocument = {
  readonly root: ParsedNode | null;
  /** Where the node begins in the text. */
  readonly positionOf: (node: ParsedNode | null) => Position;
  /** What the node stands for, through an alias if it is one; `undefined` for YAML's null, however it is written. */
  readonly resolve: (node: ParsedNode | null) => ParsedNode | undefined;
};

/**
 * Parses one YAML 1.2 document, of which JSON is a part; `undefined` after a report of what is wrong with it.
 *
 * The failsafe schema (YAML 1.2.2, section 10.1) keeps every scalar as the text that is written. Duplicate keys and
 * tags are refused, every alias has its anchor, and their number is bounded.
 */
export function parseYaml(text: string, report: Report): YamlDocument | undefined {
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const positionOf = (node: ParsedNode | null): Position => positionAt(node?.range[0] ?? 0);
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });

  const faults = explainFaults(document);
  for (const { offset, problem } of faults) report(positionAt(offset), 'nodes', problem);
  if (faults.length > 0 || !areAliasesSound(document, positionAt, report)) return undefined;

  const resolve = (node: ParsedNode | null): ParsedNode | undefined => {
    const target = isAlias(node) ? (node.resolve(document) as ParsedNode | undefined) : node;
    return target === null || isNull(target) ? undefined : target;
  };
  return { root: document.contents, positionOf, resolve };
}

function isNull(node: ParsedNode | undefined): boolean {
  return isScalar(node) && node.type === 'PLAIN' && /^(~|null|Null|NULL)?$/.test(String(node.value));
}

/** Faults of a text that is YAML, by the library's codes. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  DUPLICATE_KEY: { message: 'this key stands twice in one mapping', hint: 'keep one of the two' },
  MULTIPLE_DOCS: { message: 'a second YAML document begins here', hint: 'put all nodes into one list' },
  TAG_RESOLVE_FAILED: {
    message: 'YAML tags have no meaning here',
    hint: 'remove the word that begins with !',
  },
};

/** Each fault of its own, but of a broken syntax only the first: what follows it tells nothing. */
function explainFaults({ errors, warnings }: Document.Parsed): { offset: number; problem: Explanation }[] {
  const faults = [...errors, ...warnings];
  const slip = faults.find(({ code }) => !(code in EXPLANATIONS));
  return faults.flatMap((fault) => {
    const problem = EXPLANATIONS[fault.code] ?? (fault === slip ? explainSlip(fault.message) : undefined);
    return problem ? { offset: fault.pos[0], problem } : [];
  });
}

function explainSlip(message: string): Explanation {
  return {
    message: `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    hint: 'mend it there or on the line above; a text with one of : # [ ] { } * & ! in it needs quotes',
  };
}

function areAliasesSound(
  document: Document.Parsed,
  positionAt: (offset: number) => Position,
  report: Report,
): boolean {
  const unknown: Alias[] = [];
  visit(document, {
    Alias(_, alias) {
      if (!alias.resolve(document)) unknown.push(alias);
    },
  });
  for (const { source, range } of unknown)
    report(positionAt(range?.[0] ?? 0), 'nodes', {
      message: `there is no anchor for *${source}`,
      hint: `write &${source} before the value that it stands for, further up`,
    });
  if (unknown.length > 0) return false;
  try {
    document.toJS({ maxAliasCount: MAX_ALIASES, mapAsMap: true });
    return true;
  } catch (error) {
    // The only reference error that is left is the one of the alias count.
    if (!(error instanceof ReferenceError)) throw error;
    const message = 'the aliases stand for far too many values';
    report(positionAt(0), 'nodes', { message, hint: 'write the values out' });
    return false;
  }
}
