/** Begins the one line of a script's output that has the records, in base64; a shell may say other things before it. */
export const RECORDS = 'records';

/**
 * Shell text around `say KEY COMMAND…` and `file KEY PATH`, each of which makes a record: a record separator, the key, a
 * blank and the value as it is. They print nothing themselves, so that a node starts one program for all of them.
 */
export function recordsScript(says: string): string {
  return `say() { printf '\\n\\036%s ' "$1"; shift; "$@" 2>/dev/null; }
file() { printf '\\n\\036%s ' "$1"; [ ! -e "$2" ] || cat "$2" 2>/dev/null; }
records() {
${says}
printf '\\n\\036end '
}
printf '\\n%s ' ${RECORDS}
records | base64 -w0
echo`;
}

/** The values by their keys, to the byte; `undefined` where the script did not come to its end. */
export function readRecords(stdout: string): ReadonlyMap<string, string> | undefined {
  const lines = [...stdout.matchAll(new RegExp(`^${RECORDS} ([A-Za-z0-9+/=]*)$`, 'gm'))];
  const text = Buffer.from(lines.at(-1)?.[1] ?? '', 'base64').toString('utf8');
  const records = text.split('\n\u001e').slice(1);
  if (records.at(-1) !== 'end ') return undefined;
  return new Map(
    records.map((record) => {
      const blank = record.indexOf(' ');
      return [record.slice(0, blank), record.slice(blank + 1)] as const;
    }),
  );
}
