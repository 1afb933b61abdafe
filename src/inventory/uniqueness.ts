import type { Report } from './entry.ts';
import { bracketed } from './host.ts';
import type { Draft, Endpoint } from './node-entry.ts';

/**
 * Reports names that two nodes share, whatever their case (both become labels and subjects), and addresses with the
 * same port: each belongs to one SSH server or one engine of one node.
 */
export function checkUniqueness(drafts: readonly Draft[], report: Report): void {
  const names = new Map<string, Draft>();
  const endpoints = new Map<string, { readonly what: string; readonly draft: Draft }>();
  for (const draft of drafts) {
    const { name, ssh, engine } = draft;
    if (name !== undefined) {
      const first = names.get(name.toLowerCase());
      if (first) refuse(draft, 'name', `"${name}" is also the name of ${describe(first)}`, report);
      else names.set(name.toLowerCase(), draft);
    }
    claim({ what: 'SSH server', key: 'host', endpoint: ssh, draft });
    claim({ what: 'engine', key: 'address', endpoint: engine, draft });
  }

  function claim({ what, key, endpoint, draft }: Claim): void {
    if (!endpoint) return;
    const address = `${bracketed(endpoint.host)}:${endpoint.port}`;
    const first = endpoints.get(address);
    if (first) refuse(draft, key, `${address} is also the ${first.what} of ${describe(first.draft)}`, report);
    else endpoints.set(address, { what, draft });
  }
}

type Claim = {
  readonly what: string;
  readonly key: string;
  readonly endpoint: Endpoint | undefined;
  readonly draft: Draft;
};

function refuse({ entry, name }: Draft, key: string, message: string, report: Report): void {
  const at = entry.fields.get(key)?.key ?? entry.at;
  const suffix = name === undefined ? '' : ` (${name})`;
  report(at, `nodes[${entry.index}].${key}${suffix}`, {
    message,
    hint: 'remove one of the two, or correct it',
  });
}

function describe({ entry, name }: Draft): string {
  const place = `line ${entry.at.line}`;
  return `nodes[${entry.index}] (${name === undefined ? place : `${name}, ${place}`})`;
}
