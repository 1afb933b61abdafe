import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../images/shipyard-cli/run.ts';
import { makePki } from '../../support/shipyard-pki.ts';
import { pemPairs } from '../../support/shipyard-known-pairs.ts';
import { playableRuns, type RecordedExchange, type RecordedRun } from '../../support/shipyard-recording.ts';
import { pairsOf } from '../../support/shipyard-recording-proxy.ts';
import { requestText } from '../../support/shipyard-request-text.ts';
import { ioOfRun } from '../../support/shipyard-run-io.ts';
import { createTranslation, type Translation } from '../../support/shipyard-translation.ts';

type Wire = Omit<RecordedExchange, 'name'>;

const directory = mkdtempSync(join(tmpdir(), 'shipyard-playback-'));
const seen: string[] = [];
let pending: Wire[] = [];
let server: Server;
let translation: Translation;

// Answers what the controller answered, in the recorded order, whatever is asked.
beforeAll(async () => {
  const pki = makePki(directory);
  server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { method = '', url = '', rawHeaders } = incoming;
      seen.push(requestText({ method, path: url, headers: pairsOf(rawHeaders), body }));
      const answer = pending.shift()?.response;
      if (answer === undefined || 'error' in answer) {
        response.socket?.destroy();
        return;
      }
      const location = answer.headers.get('location');
      response.writeHead(answer.status, location === undefined ? {} : { Location: location });
      response.end(translation.toLive(answer.body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  translation = createTranslation([
    ...pemPairs(pki),
    ['127.0.0.1:18124', `127.0.0.1:${(server.address() as AddressInfo).port}`],
  ]);
});

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

test.each(playableRuns())(
  '$name: the recorded answers give the recorded output',
  async (recorded: RecordedRun) => {
    seen.length = 0;
    pending = [...recorded.wire];
    const { toLive, toRecorded } = translation;
    const io = ioOfRun(recorded, { directory, certificates: directory, toLive });
    const exitCode = await run(recorded.argv, io);
    const { stdout, stderr } = io.written;
    expect({
      exitCode,
      stdout: toRecorded(stdout),
      stderr: firstLine(stderr),
      wire: seen.map(toRecorded),
    }).toEqual({
      exitCode: recorded.exitCode,
      stdout: recorded.output.kind === 'pipes' ? recorded.output.stdout : '',
      stderr: firstLine(recorded.output.kind === 'pipes' ? recorded.output.stderr : ''),
      wire: recorded.wire.map(({ request }) => requestText(request)),
    });
  },
);

// Behind the first line of a panic comes a trace of the Go program.
const firstLine = (stderr: string): string => stderr.split('\n', 1)[0] ?? '';
