import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftOut } from '../../support/shipyard-left-out.ts';
import {
  playableRuns,
  readCliRecording,
  readHealthRecording,
  readHttpRecording,
  readTlsMatrix,
} from '../../support/shipyard-recording.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/shipyard-conformance.md'), 'utf8');

/** The cells of all table rows between two texts. */
const rowsBetween = (start: string, end: string): readonly (readonly string[])[] =>
  page
    .slice(page.indexOf(start), page.indexOf(end))
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );

test('the page lists what is left out, with the reasons of the data file', () => {
  expect(rowsBetween('<!-- left out -->', '<!-- end of left out -->')).toEqual(
    Object.entries(leftOut).flatMap(([recording, cases]) =>
      Object.entries(cases).map(([name, reason]) => [recording, `\`${name}\``, reason]),
    ),
  );
});

test('the page counts the cases as they are', () => {
  const http = readHttpRecording().length;
  const cli = readCliRecording();
  const health = readHealthRecording();
  const states = health.timeline.filter(({ phase }) => phase !== undefined).length;
  const tls = readTlsMatrix();
  const replayedTls = tls.filter(({ controller }) => !(controller in leftOut.tls)).length;
  const played = playableRuns();
  const skipped = (cases: Readonly<Record<string, string>>): number => Object.keys(cases).length;
  const skippedStates = Object.keys(leftOut.health).filter((name) => name.includes('#')).length;
  const counts = rowsBetween('## What is replayed', 'Engines are small servers').map((cells) =>
    cells.slice(1, 3),
  );
  expect(counts).toEqual(
    [
      [http, http - skipped(leftOut.http)],
      [states, states - skippedStates],
      [health.exchanges.length, health.exchanges.length],
      [tls.length, replayedTls],
      [cli.length, cli.length - skipped(leftOut.cli)],
      [played.length, played.length],
    ].map((row) => row.map(String)),
  );
});
