import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One request with its answer, as recorded from the real programs. */
export type RecordedExchange = {
  readonly name: string;
  readonly request: RecordedRequest;
  readonly response: RecordedResponse;
};

export type RecordedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` where the request had no body at all. */
  readonly body: string | undefined;
};

/** `error` instead of a status where no answer came. */
export type RecordedResponse =
  | { readonly status: number; readonly headers: ReadonlyMap<string, string>; readonly body: string }
  | { readonly error: string; readonly status?: undefined; readonly body?: undefined };

/** One run of the CLI with all that it sent. */
export type RecordedRun = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly stdin: string | undefined;
  readonly shipyardrc: string | undefined;
  readonly exitCode: number;
  readonly output:
    | { readonly kind: 'pipes'; readonly stdout: string; readonly stderr: string }
    | { readonly kind: 'terminal'; readonly text: string; readonly inputs: readonly string[] };
  /** Options of `docker run`: environment and user. */
  readonly dockerOptions: readonly string[];
  readonly storedEngine: string | undefined;
  readonly wire: readonly Omit<RecordedExchange, 'name'>[];
};

export const readHttpRecording = (): readonly RecordedExchange[] =>
  (read('http-2.0.10.json') as { exchanges: (RawExchange & { name: string })[] }).exchanges.map(
    (exchange) => ({
      name: exchange.name,
      ...toExchange(exchange),
    }),
  );

export const readCliRecording = (): readonly RecordedRun[] =>
  (read('cli-2.0.10.json') as { runs: RawRun[] }).runs.map(toRun);

/** The runs that need neither a terminal nor https: recorded answers are enough to do them again. */
export const playableRuns = (): readonly RecordedRun[] =>
  readCliRecording().filter(
    ({ name, output }) => output.kind === 'pipes' && !/^https-(?!flag-after)/.test(name),
  );

export type TlsMatrixRow = {
  readonly controller: string;
  readonly server_cert: string;
  readonly addr_host: string;
  readonly client_cert: string;
  readonly ca_cert: string | null;
  readonly status: number;
  readonly body: string;
};

export const readTlsMatrix = (): readonly TlsMatrixRow[] => read('tls-matrix.json') as TlsMatrixRow[];

export type HealthRecording = {
  readonly timeline: readonly HealthRow[];
  readonly exchanges: readonly {
    readonly name: string;
    readonly response: { readonly status: number | null; readonly body?: string };
  }[];
  readonly ping_request_as_seen_by_engine: string;
};

/** An engine's state is its health, whether there is a response time, and the Docker version. */
export type HealthRow =
  | {
      readonly phase: string;
      readonly engines: Readonly<Record<string, readonly [string, string, string | null]>>;
      readonly engine_a_saw?: undefined;
      readonly pings_of_a_in_30s_after_2_adds?: undefined;
    }
  | {
      readonly phase?: undefined;
      readonly engine_a_saw?: readonly (readonly [number, string])[];
      readonly pings_of_a_in_30s_after_2_adds?: number;
    };

export const readHealthRecording = (): HealthRecording => read('health-2.0.10.json') as HealthRecording;

type RawHeaders = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

type RawExchange = {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: RawHeaders;
    readonly body: string | null;
  };
  readonly response: {
    readonly status: number | null;
    readonly headers?: RawHeaders;
    readonly body?: string;
    readonly error?: string;
  };
};

type RawRun = {
  readonly name: string;
  readonly argv: readonly string[];
  readonly stdin?: string | null;
  readonly shipyardrc?: string | null;
  readonly exit_code: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly terminal_output?: string;
  readonly inputs?: readonly string[];
  readonly docker_opts?: readonly string[];
  readonly stored_engine?: unknown;
  readonly wire: readonly RawExchange[];
};

const read = (file: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/shipyard-recorded', file), 'utf8'));

const toExchange = ({ request, response }: RawExchange): Omit<RecordedExchange, 'name'> => ({
  request: {
    method: request.method,
    path: request.path,
    headers: Object.fromEntries(entriesOf(request.headers)),
    body: request.body ?? undefined,
  },
  response:
    response.status === null
      ? { error: response.error ?? '' }
      : {
          status: response.status,
          headers: new Map(
            entriesOf(response.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
          ),
          body: response.body ?? '',
        },
});

const entriesOf = (headers: RawHeaders): readonly (readonly [string, string])[] =>
  Array.isArray(headers) ? (headers as readonly (readonly [string, string])[]) : Object.entries(headers);

const toRun = (run: RawRun): RecordedRun => ({
  name: run.name,
  argv: run.argv,
  stdin: run.stdin ?? undefined,
  shipyardrc: run.shipyardrc ?? undefined,
  exitCode: run.exit_code,
  output:
    run.terminal_output === undefined
      ? { kind: 'pipes', stdout: run.stdout ?? '', stderr: run.stderr ?? '' }
      : { kind: 'terminal', text: run.terminal_output, inputs: run.inputs ?? [] },
  dockerOptions: run.docker_opts ?? [],
  storedEngine: run.stored_engine === undefined ? undefined : JSON.stringify(run.stored_engine),
  wire: run.wire.map(toExchange),
});
