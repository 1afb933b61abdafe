import type { ActionRun } from '../../../lab/runner.ts';
import type { Row } from './shipyard-rows.ts';

/** Looks for secrets in all that runs wrote: in the log as well as in what GitHub keeps and what lies on the runner. */
export class SecretSearch {
  readonly #runs: ActionRun[] = [];
  readonly #secrets: Set<string>;

  constructor(...known: readonly string[]) {
    this.#secrets = new Set(known);
  }

  /** Takes a run to be searched, and gives it back. */
  add(run: ActionRun): ActionRun {
    this.#runs.push(run);
    return run;
  }

  know(...secrets: readonly string[]): void {
    for (const secret of secrets) this.#secrets.add(secret);
  }

  /** Takes note of private keys in PEM; throws where there is none. */
  knowKeys(...pems: readonly string[]): void {
    const lines = pems.flatMap(keyLines);
    if (lines.length === 0) throw new Error('there is no key to search for');
    this.know(...lines);
  }

  /**
   * Takes note of what is secret now: the tokens in the file of the controller, those that were displaced meanwhile
   * included, and the keys of its rows.
   */
  learn(database: string, rows: readonly Row[]): void {
    this.know(...tokensIn(database), ...rows.flatMap(({ ssl_key }) => keyLines(ssl_key)));
  }

  /** The secrets that were found. */
  found(): readonly string[] {
    const written = writtenBy(this.#runs);
    // The search itself must be able to find something.
    if (this.#runs.length === 0 || !written.includes('node1')) throw new Error('there is nothing to search');
    return [...this.#secrets].filter((secret) => written.includes(secret));
  }
}

/** The base64 lines of a PEM text, which are the secret. */
export function keyLines(pem: string): readonly string[] {
  return pem.split('\n').filter((line) => /^[\w+/=]{20,}$/.test(line));
}

/** The tokens of logins in the file in which the stand-in keeps its rows; throws where there is none. */
export function tokensIn(database: string): readonly string[] {
  const tokens = [...database.matchAll(/"auth_token":\s*"([^"]+)"/g)].map(([, token = '']) => token);
  if (tokens.length === 0) throw new Error('there is no token in the file of the controller');
  return tokens;
}

/**
 * All that runs wrote: log, summary, outputs, state, environment, and the files that they left. The runner's own masking
 * must not be what keeps a secret out of the log, but for the token of a login, which is masked by name.
 */
export function writtenBy(runs: readonly ActionRun[]): string {
  return runs
    .flatMap(({ log, rawLog, summary, outputs, state, exported, leftovers, workspace }) => [
      log,
      rawLog.replace(/^::add-mask::.*$/gm, ''),
      summary,
      ...[outputs, state, exported, leftovers, workspace].flatMap((record) => Object.values(record)),
    ])
    .join('\n');
}
