import type { Explanation } from '../errors.ts';
import type { Position, Report } from './entry.ts';
import { readNode } from './node-entry.ts';
import type { NodeSpec } from './node-spec.ts';
import { isShortLines, readShortLines } from './short-lines.ts';
import { checkUniqueness } from './uniqueness.ts';
import { readYaml } from './yaml-entries.ts';

export type Inventory = {
  /** In the order of the text; not all of them when there are problems. */
  readonly nodes: readonly NodeSpec[];
  /** In the order of the text, each message beginning with its line and column. */
  readonly problems: readonly Explanation[];
};

/** Reads an inventory: YAML, JSON, or short lines `name=user@host:port`. Never throws for what the text holds. */
export function parseInventory(text: string): Inventory {
  const found: { readonly at: Position; readonly problem: Explanation }[] = [];
  const report: Report = ({ line, column }, path, { message, hint }) =>
    found.push({
      at: { line, column },
      problem: { message: `line ${line}, column ${column}: ${path}: ${message}`, hint },
    });

  const body = text.replace(/^\ufeff/, '');
  const entries = isShortLines(body) ? readShortLines(body, report) : readYaml(body, report);
  if (entries.length === 0 && found.length === 0)
    return {
      nodes: [],
      problems: [{ message: 'the inventory names no node', hint: 'add one: node1=root@10.0.0.11:22' }],
    };
  const drafts = entries.map((entry) => readNode(entry, report));
  checkUniqueness(drafts, report);

  found.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  return {
    nodes: drafts.flatMap(({ spec }, rank) => (spec ? { ...spec, rank } : [])),
    problems: found.map(({ problem }) => problem),
  };
}
