import { quote } from 'shlex';
import type { RemoteScript } from '../ports/remote-host.ts';
import { layout } from './layout.ts';
import { holdWork, rootScript } from './root-script.ts';
import type { Transaction } from './transaction.ts';
import { LOST } from './undo-script.ts';

const { transaction: t, base, current } = layout;

/**
 * Ends the change of a node that is given back: takes away what the undo would have needed, and so the last of ours. May
 * be repeated. Ends with `LOST` after an undo.
 */
export function confirmGivenBack(
  { id, init }: Pick<Transaction, 'id' | 'init'>,
  timeoutMs: number,
): RemoteScript {
  const places = init.files.map(({ place }) => place);
  const last = init.files.filter(({ goes }) => goes === 'confirmed');
  return rootScript(
    `if [ "$(cat ${t}/pending 2>/dev/null)" != ${quote(id)} ] || ! mv -T ${t}/pending ${t}/confirmed 2>/dev/null; then
  # Confirmed already, over a connection that was lost, or undone, or somebody else's.
  [ ! -e ${t}/pending ] && [ ! -e ${t}/undoing ] && [ ! -L ${current} ] && ! grep -qsF ${current}/ ${places.join(' ')} || exit ${LOST}
fi
${init.disarm}
rm -f ${[...init.links, ...last].map(({ place }) => place).join(' ')}
${init.directories.map((path) => `rmdir ${path} 2>/dev/null || true`).join('\n')}
${init.reloadUnits}
rm -rf ${base}`,
    timeoutMs,
  );
}

/**
 * Succeeds once the switch of a node that is given back has come to its end, and with the daemon answering on its own
 * socket where it did before. A port that is closed proves nothing while the daemon restarts.
 */
export function switchedOver(timeoutMs: number): RemoteScript {
  return rootScript(
    `${holdWork}
[ -e ${t}/switched ] || { echo 'the change did not come to its end' >&2; exit 1; }
[ ! -e ${t}/answered ] || answers || { echo 'the daemon does not answer on its own socket' >&2; exit 1; }`,
    timeoutMs,
  );
}
