import type { NodeSpec } from '../inventory/node-spec.ts';
import type { InputReader } from './input-reader.ts';
import { fitsPattern } from './name-pattern.ts';
import { suggest } from './nearest.ts';
import { quote } from './quote.ts';

/**
 * Reads `only`: names, or patterns with `*` (any characters) and `?` (one character). Returns the names in the order
 * of the inventory, each once. A pattern that fits no node is refused: a misspelt one would silently leave nodes out.
 */
export function readNodeSelection(
  reader: InputReader,
  nodes: readonly NodeSpec[],
): 'all' | readonly string[] | undefined {
  const text = reader.text('only');
  if (text === '') return 'all';
  const patterns = [...new Set(text.split(/[\s,]+/).filter((pattern) => pattern !== ''))];
  const names = nodes.map(({ name }) => name);
  const unfit = patterns.filter((pattern) => !names.some((name) => fitsPattern(name, pattern)));
  for (const pattern of unfit)
    reader.refuse({
      input: 'only',
      message: `no node of the inventory fits ${quote(pattern)}`,
      hint: suggest(pattern, names),
    });
  if (patterns.length === 0)
    reader.refuse({
      input: 'only',
      message: 'names no node',
      hint: 'write names or patterns such as web*, or leave it empty for all nodes',
    });
  if (unfit.length > 0 || patterns.length === 0) return undefined;
  return names.filter((name) => patterns.some((pattern) => fitsPattern(name, pattern)));
}
