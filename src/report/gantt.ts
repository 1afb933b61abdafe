/** A certificate's life, for a node of the inventory: such a name has no character that Mermaid would take for its own. */
export type Lifetime = { readonly name: string; readonly notBefore: Date; readonly notAfter: Date };

/** More would be too small to read. */
const SHOWN = 30;

/** The lives of the certificates as a Mermaid chart, those that end first; nothing where there is none. */
export function gantt(lifetimes: readonly Lifetime[]): readonly string[] {
  if (lifetimes.length === 0) return [];
  const first = [...lifetimes].sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime()).slice(0, SHOWN);
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  const bars = first.flatMap(({ name, notBefore, notAfter }) => [
    `  section ${name}`,
    `  until ${day(notAfter)} :${day(notBefore)}, ${day(notAfter)}`,
  ]);
  const title = `  title Certificates${first.length < lifetimes.length ? `: the ${SHOWN} that end first` : ''}`;
  return [
    ['```mermaid', 'gantt', title, '  dateFormat YYYY-MM-DD', '  axisFormat %Y-%m', ...bars, '```'].join(
      '\n',
    ),
  ];
}
