import { readAuthorityFile, readGivenBundle } from './authority-file.ts';
import { readClusterRequest } from './cluster-request.ts';
import { EMPTY_SECRET, secretHint, type InputReader } from './input-reader.ts';
import type { AuthorityBundle } from './authority-request.ts';
import type { RemoveRequest } from './request.ts';

/** Reads what `command: remove` takes: the nodes, which of them, and an authority only if there is one at hand. */
export function readRemoveRequest(reader: InputReader): RemoveRequest | undefined {
  const { nodes, ssh, rollout, shipyard } = readClusterRequest(reader, 'remove');
  const authority = readBundle(reader);
  const isNamed = reader.text('only') !== '';
  if (!isNamed)
    reader.refuse({
      input: 'only',
      message: 'is empty, and command remove takes out no node that it was not told of',
      hint: "name the nodes, such as only: node3; if you mean all of them, write only: '*'",
    });
  if (!nodes || !ssh || !rollout || !isNamed) return undefined;
  return {
    command: 'remove',
    nodes,
    ssh,
    rollout,
    ...(authority && { authority }),
    ...(shipyard && { shipyard }),
  };
}

function readBundle(reader: InputReader): AuthorityBundle | undefined {
  const given = readGivenBundle(reader, readAuthorityFile(reader));
  const passphrase = reader.secret('ca-passphrase');
  if (given && !passphrase)
    reader.refuse({
      input: 'ca-passphrase',
      message: `is empty, but ${given.input} is given: ${EMPTY_SECRET}`,
      hint: `${secretHint('ca-passphrase')}; or leave ${given.input} out, since command remove can do without`,
    });
  return given && passphrase && { kind: 'bundle', ...given, passphrase };
}
