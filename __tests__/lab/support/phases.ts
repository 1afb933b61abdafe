/** The groups of a log, by their titles in order, and the nodes that have a line in each. */
export function nodesByPhase(log: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...log.matchAll(/^::group::(.*)\n([^]*?)^::endgroup::$/gm)].map(([, title = '', lines = '']) => {
      const names = [...lines.matchAll(/^\[([^\]]+)\] ./gm)].map(([, name = '']) => name);
      return [title, [...new Set(names)].sort()];
    }),
  );
}
