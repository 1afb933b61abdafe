import type { ChangedFile, ChangedLink, InitSystem } from './init-system.ts';

export type Recovery = {
  readonly files: readonly ChangedFile[];
  readonly links: readonly ChangedLink[];
};

/**
 * What undoes at boot a change in whose middle the host went down: its file, and the link by which systemd knows it. A
 * change that brings it puts it in place before all else, and an undo takes it away after all else.
 */
export function recoveryOf({ files, links, recovery: { copy } }: InitSystem): Recovery {
  const own = files.filter((file) => file.copy === copy);
  return { files: own, links: links.filter(({ target }) => own.some(({ place }) => place === target)) };
}
