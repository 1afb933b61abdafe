import type { ScannedHost } from '../inputs/request.ts';
import type { Workflow } from '../ports/workflow.ts';
import { fingerprint, type HostKey } from '../ssh/host-key.ts';
import { knownHostsLine } from '../ssh/known-hosts.ts';
import { errorText } from './error-text.ts';
import { printable } from './printable.ts';

/** The keys that a host offered, at least one, or the reason why they are not known. */
export type ScanOutcome =
  | { readonly kind: 'scanned'; readonly host: ScannedHost; readonly keys: readonly HostKey[] }
  | { readonly kind: 'failed'; readonly host: ScannedHost; readonly error: unknown };

/**
 * Says which keys the hosts offered: fingerprints to compare, then known_hosts lines to paste, which are also the output
 * `host-keys`. Returns whether every host was scanned.
 */
export function reportHostKeys(workflow: Workflow, outcomes: readonly ScanOutcome[]): boolean {
  for (const outcome of outcomes)
    if (outcome.kind === 'failed') workflow.error(errorText(outcome.error), outcome.host.name);
    else
      for (const key of outcome.keys)
        workflow.info(`${printable(key.type)} ${fingerprint(key)}`, outcome.host.name);
  const scanned = outcomes.filter((outcome) => outcome.kind === 'scanned');
  const lines = scanned.flatMap(({ host: { route }, keys }) =>
    keys.map((key) => knownHostsLine(route.address.host, route.address.port, key)),
  );
  if (lines.length > 0) workflow.info(COMPARE);
  for (const line of lines) workflow.info(printable(line, 2000));
  workflow.output('host-keys', lines.map((line) => `${line}\n`).join(''));
  return scanned.length === outcomes.length;
}

const COMPARE =
  "anybody in between could have shown these keys: compare each fingerprint with `ssh-keygen -lf` of the host's own /etc/ssh/ssh_host_*_key.pub, and only then paste these lines into ssh-known-hosts";
