import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { run } from '../../../images/shipyard-cli/run.ts';
import { expectSameAnswer } from '../../support/shipyard-comparison.ts';
import { createInterludes } from '../../support/shipyard-interludes.ts';
import { leftOut } from '../../support/shipyard-left-out.ts';
import { readCliRecording, type RecordedRun } from '../../support/shipyard-recording.ts';
import { requestText } from '../../support/shipyard-request-text.ts';
import { homeOfRun, ioOfRun } from '../../support/shipyard-run-io.ts';
import { startStage, type Stage } from '../../support/shipyard-stage.ts';
import { prepareTerminalHome } from '../../support/shipyard-terminal-home.ts';
import { runOnTerminal } from '../../support/shipyard-terminal.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(async () => {
  await stage.end();
});

// One test: each run stands on what those before it have changed.
test('the CLI does against the stand-in what the recorded one did against the controller', async () => {
  const interludes = createInterludes(stage);
  const recording = readCliRecording();
  const cases = recording.filter(({ name }) => !(name in leftOut.cli));
  for (const recorded of cases) {
    await interludes.before(recorded);
    stage.proxy.wire.length = 0;
    compareOutput(recorded, await perform(recorded));
    compareWire(recorded);
    if (recorded.storedEngine !== undefined) {
      expect(await interludes.takeStoredEngine()).toEqual(recorded.storedEngine);
    }
  }
  console.info(`cli: ${cases.length} runs replayed, ${recording.length - cases.length} left out`);
  const unknown = Object.keys(leftOut.cli).filter((name) => recording.every((found) => found.name !== name));
  expect(unknown).toEqual([]);
}, 180_000);

type Done = { readonly exitCode: number; readonly output: string; readonly stderr: string };

const perform = (recorded: RecordedRun): Promise<Done> =>
  recorded.output.kind === 'pipes'
    ? performHere(recorded)
    : performOnTerminal(recorded, recorded.output.inputs);

const performHere = async (recorded: RecordedRun): Promise<Done> => {
  const { directory, translation } = stage;
  const io = ioOfRun(recorded, { directory, certificates: directory, toLive: translation.toLive });
  const argv = recorded.argv.map(translation.toLive);
  const exitCode = await run(argv, io);
  return { exitCode, output: io.written.stdout, stderr: io.written.stderr };
};

const performOnTerminal = async (recorded: RecordedRun, inputs: readonly string[]): Promise<Done> => {
  const { directory, translation } = stage;
  const home = homeOfRun(recorded, directory, translation.toLive);
  prepareTerminalHome(recorded, home, translation.toLive);
  const { exitCode, output } = await runOnTerminal({
    argv: recorded.argv.map((word) => word.replaceAll('/root', home)),
    inputs: inputs.map(translation.toLive),
    typing: recorded.name === 'login-tty-late-burst' ? 'first prompt' : 'prompts',
    home,
  });
  return { exitCode, output: output.replaceAll(home, '/root'), stderr: '' };
};

const compareOutput = ({ name, exitCode, output }: RecordedRun, done: Done): void => {
  const recorded = output.kind === 'pipes' ? output.stdout : output.text;
  const match = stage.translation.match(linesOf(name, recorded), linesOf(name, done.output));
  expect({ name, exitCode: done.exitCode, lines: match.actual, stderr: firstLine(done.stderr) }).toEqual({
    name,
    exitCode,
    lines: match.expected,
    stderr: firstLine(output.kind === 'pipes' ? output.stderr : ''),
  });
  match.learn();
};

// The order of rows is the database's. A label with a newline re-aligns the rows below it. On a terminal the seconds since
// the start stand in the place of the time.
const linesOf = (name: string, text: string): readonly string[] =>
  (name === 'engines-odd' ? text.replace(/\t+/g, '\t') : text)
    .replace(/^(.*)time="[^"]+"/, '$1time=<time>')
    .replace(/(?<=FATA\S*\[)\d{4}(?=\])/, '<seconds>')
    .split(/(?<=\n)/);

const compareWire = ({ name, wire }: RecordedRun): void => {
  const { proxy, translation } = stage;
  expect({ name, requests: proxy.wire.length }).toEqual({ name, requests: wire.length });
  for (const [index, { request, response }] of proxy.wire.entries()) {
    const recorded = wire[index];
    expect({ name, request: translation.toRecorded(requestText(request)) }).toEqual({
      name,
      request: recorded && requestText(recorded.request),
    });
    expectSameAnswer(name, recorded?.response ?? { error: 'none' }, response, translation);
  }
};

// Behind the first line of a panic comes a trace of the Go program.
const firstLine = (stderr: string): string => stderr.split('\n', 1)[0] ?? '';
