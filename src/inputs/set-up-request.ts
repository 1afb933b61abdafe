import { readAuthorityFile } from './authority-file.ts';
import { readAuthorityKeeper } from './authority-keeper.ts';
import { readAuthoritySource } from './authority-source.ts';
import { readClusterRequest } from './cluster-request.ts';
import type { InputReader } from './input-reader.ts';
import { parseKeyIds } from './key-id-list.ts';
import type { Command, SetUpRequest } from './request.ts';
import { parseBoolean } from './scalars.ts';
import { readWish } from './wish.ts';

/** Reads what the commands take that bring nodes and authority together: every input there is. */
export function readSetUpRequest(reader: InputReader, command: Command): SetUpRequest | undefined {
  const { nodes, ssh, rollout, shipyard } = readClusterRequest(reader, command);
  const replaceCa = reader.parsed('replace-ca', parseKeyIds, []);
  const path = readAuthorityFile(reader);
  const authority = readAuthoritySource(reader, command, path, replaceCa ?? []);
  const saveCa = readAuthorityKeeper(reader, path);
  const wish = readWish(reader, nodes);
  const prune = reader.parsed('prune', parseBoolean, false);
  if (prune === true && reader.text('only') !== '') reader.refuse(PRUNE_WITH_ONLY);
  if (!nodes || !ssh || !rollout || !authority || !replaceCa || !saveCa) return undefined;
  if (!wish || prune === undefined) return undefined;
  return {
    ...{ nodes, ssh, rollout, authority, replaceCa, saveCa, prune },
    ...wish,
    ...(shipyard && { shipyard }),
  };
}

const PRUNE_WITH_ONLY = {
  input: 'prune',
  message: 'is given beside only, and can be judged over the whole inventory alone',
  hint: 'leave only out, or run once with it and once with prune',
};
