/**
 * GitHub takes 1 MB of all outputs of a job together, in UTF-16. This is the share of one kind of list in them, in
 * characters of JSON: what is left is for 300 nodes with all else that is said of them.
 */
const LIST_CHARS = 100_000;

/** Longer texts of Shipyard are no names, addresses and versions of anybody's. */
const TEXT_CHARS = 300;

/**
 * The texts of a list that is one of `lists` in an output, as many as fit into its part of it, and one that counts the
 * rest: for a few nodes all of them, whatever their number.
 */
export function fittingList(texts: readonly string[], lists: number): readonly string[] {
  let room = LIST_CHARS / lists;
  const end = texts.findIndex((text) => {
    room -= JSON.stringify(text).length + 1;
    return room < 0;
  });
  return end < 0 ? texts : [...texts.slice(0, end), `and ${texts.length - end} more`];
}

/** A text of Shipyard for an output; whatever is no name, address or version of anybody's is cut. */
export function cutText(text: string): string {
  return JSON.stringify(text).length <= TEXT_CHARS ? text : `${text.slice(0, TEXT_CHARS / 6)}…`;
}
