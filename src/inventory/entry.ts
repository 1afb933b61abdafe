import type { Explanation } from '../errors.ts';

/** A place in the inventory's text; both are counted from 1. */
export type Position = { readonly line: number; readonly column: number };

/** A value as it is written. What type it has is said by its field, not by YAML: `no`, `1.10` and `0755` stay so. */
export type Written = { readonly text: string; readonly at: Position };

export type Value =
  | { readonly kind: 'single'; readonly value: Written }
  | { readonly kind: 'list'; readonly values: readonly Written[] }
  /** Neither a text nor a list of texts. */
  | { readonly kind: 'unusable'; readonly at: Position; readonly problem: Explanation };

/** A node as it is written: nothing is checked but the shape. */
export type Entry = {
  /** Its place in the list, counted from 0. */
  readonly index: number;
  readonly at: Position;
  readonly fields: ReadonlyMap<string, { readonly key: Position; readonly value: Value }>;
};

/** Takes down what is wrong at one place; `path` is such as `nodes[2].port`. */
export type Report = (at: Position, path: string, problem: Explanation) => void;
