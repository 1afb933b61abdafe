import { readAuthorityFile } from './authority-file.ts';
import { readAuthorityKeeper } from './authority-keeper.ts';
import { readAuthoritySource } from './authority-source.ts';
import { readClusterRequest } from './cluster-request.ts';
import type { InputReader } from './input-reader.ts';
import { readReplaceCa } from './key-id-list.ts';
import type { Command, SetUpRequest } from './request.ts';
import { readWish } from './wish.ts';

/** Reads what the commands take that bring nodes and authority together: every input there is. */
export function readSetUpRequest(reader: InputReader, command: Command): SetUpRequest | undefined {
  const { nodes, ssh, rollout, shipyard } = readClusterRequest(reader, command);
  const replaceCa = readReplaceCa(reader);
  const path = readAuthorityFile(reader);
  const authority = readAuthoritySource(reader, command, path, replaceCa ?? []);
  const saveCa = readAuthorityKeeper(reader, path);
  const wish = readWish(reader, nodes);
  if (!nodes || !ssh || !rollout || !authority || !replaceCa || !saveCa || !wish) return undefined;
  return {
    ...{ nodes, ssh, rollout, authority, replaceCa, saveCa },
    ...wish,
    ...(shipyard && { shipyard }),
  };
}
