import ssh2 from 'ssh2';
import { InputError } from '../errors.ts';
import type { SshCredentials } from '../inputs/request.ts';

/** Checks that the private key can be used before any host is called. Throws InputError that names the input. */
export function checkPrivateKey({ privateKey, passphrase }: SshCredentials): void {
  // One key comes back alone or in a list, depending on the format.
  const parsed: unknown = ssh2.utils.parseKey(privateKey.reveal(), passphrase?.reveal());
  if (!(parsed instanceof Error)) {
    const [key] = [parsed].flat() as readonly ssh2.ParsedKey[];
    if (key?.isPrivateKey()) return;
    throw new InputError([
      {
        input: 'ssh-private-key',
        message: 'this is a public key',
        hint: 'give the private half, the file without .pub',
      },
    ]);
  }
  throw new InputError([explain(parsed.message, passphrase !== undefined)]);
}

function explain(reason: string, hasPassphrase: boolean) {
  if (/passphrase/i.test(reason) && !hasPassphrase)
    return {
      input: 'ssh-passphrase',
      message: 'the SSH key is encrypted and no passphrase is given',
      hint: 'set ssh-passphrase to the secret that holds it',
    };
  if (/bad passphrase|integrity|decrypt/i.test(reason))
    return {
      input: 'ssh-passphrase',
      message: 'this passphrase does not open ssh-private-key',
      hint: 'check it with `ssh-keygen -y -f KEY`',
    };
  return {
    input: 'ssh-private-key',
    message: 'this is not a private key that can be used',
    hint: 'paste the whole file, from -----BEGIN to the END line, in OpenSSH or PEM format; make one with `ssh-keygen -t ed25519`',
  };
}
