import ssh2 from 'ssh2';
import { ActionError, InputError } from '../errors.ts';
import { attempt } from '../inputs/attempt.ts';
import type { SshCredentials } from '../inputs/request.ts';
import type { Secret } from '../secret.ts';
import { damaged, keyProblem, wrongPassphrase } from '../ssh/private-key.ts';

/** Checks that the private keys can be used before any host is called. Throws InputError that tells which cannot. */
export function checkPrivateKeys({ privateKeys, passphrase }: SshCredentials): void {
  const problems = privateKeys.flatMap((key, index) => {
    const found: ReturnType<typeof keyProblem>[] = [];
    attempt(
      () => openKey(key, passphrase),
      (problem) => found.push(keyProblem(problem, index, privateKeys.length)),
    );
    return found;
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** The keys as ssh2 offers them to a host. Throws ActionError; see `checkPrivateKeys`. */
export function openKeys({ privateKeys, passphrase }: SshCredentials): readonly ssh2.ParsedKey[] {
  return privateKeys.map((key) => openKey(key, passphrase));
}

/** A passphrase is meant to take its time, so each key is opened once and not for every host. */
const opened = new WeakMap<Secret, ssh2.ParsedKey>();

function openKey(key: Secret, passphrase: Secret | undefined): ssh2.ParsedKey {
  const known = opened.get(key);
  if (known) return known;
  const parsed: unknown = ssh2.utils.parseKey(key.reveal(), passphrase?.reveal());
  if (parsed instanceof Error) throw new ActionError({ ...explain(parsed.message), cause: parsed });
  // One key comes back alone or in a list, depending on the format.
  const [first] = [parsed].flat() as readonly ssh2.ParsedKey[];
  if (!first?.isPrivateKey()) throw new ActionError(damaged);
  opened.set(key, first);
  return first;
}

function explain(reason: string) {
  return /passphrase|integrity|decrypt/i.test(reason) ? wrongPassphrase : damaged;
}
