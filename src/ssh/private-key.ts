import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ActionError, type Explanation, type InputProblem } from '../errors.ts';
import { attempt } from '../inputs/attempt.ts';
import { Secret } from '../secret.ts';
import { readOpenSshKey, writeOpenSshEd25519 } from './openssh-key.ts';
import { readPemBlocks, type PemBlock } from './private-key-blocks.ts';

const WHOLE =
  'paste the whole file, from its -----BEGIN to its -----END line, in OpenSSH or PEM format; `ssh-keygen -y -f KEY` reads a whole one, and `ssh-keygen -p -f KEY` rewrites it in the format of OpenSSH';

export type PrivateKeys = {
  /** Each in a format that the SSH library reads, in the order of the text. Some are still encrypted. */
  readonly keys: readonly Secret[];
  readonly problems: readonly InputProblem[];
};

/**
 * Reads one or more private keys as people paste them. What pasting breaks is mended, what needs another format is
 * converted, and everything else is named; nothing of a key is in a problem. Whether the passphrase opens an encrypted
 * key is not checked, but for PKCS #8. Never throws for what the text holds.
 */
export function readPrivateKeys(pasted: Secret, passphrase: Secret | undefined): PrivateKeys {
  const { blocks, rest } = readPemBlocks(pasted.reveal());
  const problems: InputProblem[] = [];
  const isBroken = blocks.length === 0 || /-----|PuTTY-User-Key-File/.test(rest);
  const count = blocks.length + (isBroken ? 1 : 0);
  const keys = blocks.flatMap((block, index) => {
    const usable = attempt(
      () => usableKey(block, passphrase),
      (found) => problems.push(keyProblem(found, index, count)),
    );
    return usable === undefined ? [] : [new Secret(usable)];
  });
  if (isBroken) {
    const { message, hint } = diagnosis(rest);
    const subject = count > 1 ? 'beside the keys that can be read there is one that ' : '';
    problems.push({ input: 'ssh-private-key', message: `${subject}${message}`, hint });
  }
  return { keys, problems };
}

/** What is wrong with one of several keys, counted from 0. The input is the one that is to be mended. */
export function keyProblem(problem: Explanation, index: number, count: number): InputProblem {
  const { message, hint } = problem;
  const input = message.includes('passphrase') ? 'ssh-passphrase' : 'ssh-private-key';
  const single = input === 'ssh-passphrase' ? 'the SSH key ' : '';
  return { input, message: `${count > 1 ? `key ${index + 1} of ${count} ` : single}${message}`, hint };
}

function usableKey({ label, pem }: PemBlock, passphrase: Secret | undefined): string {
  switch (label) {
    case 'OPENSSH PRIVATE KEY':
      return openSshKey(pem, passphrase);
    case 'RSA PRIVATE KEY':
    case 'EC PRIVATE KEY':
      if (pem.includes('\nProc-Type:') && !passphrase) throw needsPassphrase();
      return pem;
    case 'PRIVATE KEY':
      return converted(() => createPrivateKey(pem));
    case 'ENCRYPTED PRIVATE KEY':
      if (!passphrase) throw needsPassphrase();
      return converted(() => createPrivateKey({ key: pem, passphrase: passphrase.reveal() }), true);
    case 'DSA PRIVATE KEY':
      throw unusableType('a DSA key');
    default:
      throw label.endsWith('PUBLIC KEY')
        ? publicKey()
        : new ActionError({
            message: `holds a ${label.toLowerCase()}, which is no private key for SSH`,
            hint: WHOLE,
          });
  }
}

function openSshKey(pem: string, passphrase: Secret | undefined): string {
  const key = readOpenSshKey(pem);
  if (!key) throw new ActionError(damaged);
  if (key.type.startsWith('sk-'))
    throw unusableType('the key of a security key, which somebody has to touch');
  if (key.type === 'ssh-dss') throw unusableType('a DSA key');
  if (key.isEncrypted && !passphrase) throw needsPassphrase();
  return pem;
}

/** PKCS #8 in the format that SSH libraries read for this kind of key. */
function converted(read: () => KeyObject, isEncrypted = false): string {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new ActionError(isEncrypted ? { ...wrongPassphrase, cause } : { ...damaged, cause });
  }
  const type = key.asymmetricKeyType;
  if (type === 'rsa') return key.export({ format: 'pem', type: 'pkcs1' }).toString();
  if (type === 'ec') return key.export({ format: 'pem', type: 'sec1' }).toString();
  if (type === 'ed25519') return writeOpenSshEd25519(key);
  throw unusableType(`a key of type ${type ?? 'unknown'}`);
}

/** What a text is that is no PEM, or the rest of one beside its blocks. */
function diagnosis(text: string): ActionError {
  if (text.includes('PuTTY-User-Key-File'))
    return new ActionError({
      message: 'is in the format of PuTTY',
      hint: 'convert it: `puttygen KEY.ppk -O private-openssh -o KEY`, or in PuTTYgen Conversions, Export OpenSSH key',
    });
  if (/^(ssh|ecdsa|sk)-\S+ AAAA|---- BEGIN SSH2 PUBLIC KEY/m.test(text)) return publicKey();
  if (text.includes('-----BEGIN '))
    return new ActionError({ message: 'is cut off: it has no END line', hint: WHOLE });
  if (text.includes('-----END '))
    return new ActionError({ message: 'is cut off: it has no BEGIN line', hint: WHOLE });
  if (Buffer.from(text, 'base64').toString('latin1').startsWith('openssh-key-v1'))
    return new ActionError({ message: 'has lost its BEGIN and END lines', hint: WHOLE });
  return new ActionError({ message: 'is not a private key', hint: WHOLE });
}

function publicKey(): ActionError {
  return new ActionError({
    message: 'is a public key',
    hint: 'give the private half, the file without .pub',
  });
}

function needsPassphrase(): ActionError {
  return new ActionError({
    message: 'is encrypted and no passphrase is given',
    hint: 'set ssh-passphrase to the secret that holds it',
  });
}

/** Also what a key says that is damaged where it is encrypted. */
export const wrongPassphrase: Explanation = {
  message: 'is not opened by this passphrase',
  hint: 'check it with `ssh-keygen -y -f KEY`; one passphrase is for all keys that are encrypted',
};

/** What a key says whose insides cannot be read. */
export const damaged: Explanation = { message: 'is damaged or cut off inside', hint: WHOLE };

function unusableType(what: string): ActionError {
  return new ActionError({
    message: `is ${what}`,
    hint: 'make one for this action with `ssh-keygen -t ed25519`, and add its public half to authorized_keys on the hosts',
  });
}
