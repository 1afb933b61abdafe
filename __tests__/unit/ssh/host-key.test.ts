import { expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint, parseHostKey } from '../../../src/ssh/host-key.ts';

const KINDS = [
  ['ed25519', '256', 'ssh-ed25519'],
  ['ecdsa', '256', 'ecdsa-sha2-nistp256'],
  ['ecdsa', '384', 'ecdsa-sha2-nistp384'],
  ['ecdsa', '521', 'ecdsa-sha2-nistp521'],
  ['rsa', '1024', 'ssh-rsa'],
] as const;

test.each(KINDS)(
  'a key of ssh-keygen -t %s -b %s has the type and fingerprint that it says',
  (kind, bits, type) => {
    inDirectory((directory) => {
      const file = join(directory, 'key');
      execFileSync('ssh-keygen', [
        '-q',
        '-t',
        kind,
        '-b',
        bits,
        '-N',
        '',
        '-C',
        'root@node 1, rack',
        '-f',
        file,
      ]);
      const key = parseHostKey(readFileSync(`${file}.pub`, 'utf8'));
      expect(key.type).toBe(type);
      expect(execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' })).toContain(
        ` ${fingerprint(key)} `,
      );
    });
  },
);

test('a blob cut or lengthened anywhere is refused, as ssh-keygen does', () => {
  inDirectory((directory) => {
    const whole = Buffer.from(ED25519.split(' ')[1] ?? '', 'base64');
    const lengths = [0, 3, 4, 10, 15, 19, 20, whole.length - 1, whole.length, whole.length + 1];
    for (const length of lengths) {
      const blob = Buffer.concat([whole, Buffer.alloc(4)]).subarray(0, length);
      const line = `ssh-ed25519 ${blob.toString('base64')}`;
      const file = join(directory, 'key.pub');
      writeFileSync(file, `${line}\n`);
      const isKey = spawnSync('ssh-keygen', ['-l', '-f', file]).status === 0;
      expect({ length, isKey: accepts(line) }).toEqual({ length, isKey });
    }
  });
});

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB';
const blobOf = (...strings: (string | Buffer)[]) =>
  Buffer.concat(
    strings.flatMap((string) => {
      const bytes = Buffer.from(string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  ).toString('base64');

test.each([
  ['nothing', '', 'is not a public key of the form "type base64"'],
  ['a bare base64', 'AAAAC3NzaC1lZDI1NTE5', 'is not a public key of the form "type base64"'],
  ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----', 'is not a public key of the form "type base64"'],
  ['a fingerprint', 'SHA256:q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA', 'is a fingerprint, not a key'],
  ['an MD5 fingerprint', 'MD5:16:27:ac:a5:76', 'is a fingerprint, not a key'],
  ['a host before the key', `node1 ${ED25519}`, 'is not a public key of the form "type base64"'],
  [
    'base64 without its padding',
    `ssh-rsa ${blobOf('ssh-rsa', 'a').replace(/=+$/, '')}`,
    'is not a public key of the form "type base64"',
  ],
  [
    'another type before the base64',
    ED25519.replace('ssh-ed25519', 'ssh-rsa'),
    'the type before the base64 is not the one inside',
  ],
  [
    'a DSA key',
    `ssh-dss ${blobOf('ssh-dss', 'p', 'q', 'g', 'y')}`,
    'is of type ssh-dss, which cannot be verified here',
  ],
  [
    'a short Ed25519 key',
    `ssh-ed25519 ${blobOf('ssh-ed25519', Buffer.alloc(31))}`,
    'is a damaged ssh-ed25519 key',
  ],
  ['a short RSA key', `ssh-rsa ${blobOf('ssh-rsa', '\x01\x00\x01', 'n')}`, 'is a damaged ssh-rsa key'],
  [
    'another curve inside',
    `ecdsa-sha2-nistp256 ${blobOf('ecdsa-sha2-nistp256', 'nistp384', Buffer.alloc(65, 4))}`,
    'is a damaged ecdsa-sha2-nistp256 key',
  ],
  [
    'a point of an unknown form',
    `ecdsa-sha2-nistp256 ${blobOf('ecdsa-sha2-nistp256', 'nistp256', Buffer.alloc(65, 2))}`,
    'is a damaged ecdsa-sha2-nistp256 key',
  ],
  [
    'a compressed point',
    `ecdsa-sha2-nistp256 ${blobOf('ecdsa-sha2-nistp256', 'nistp256', Buffer.alloc(33, 2))}`,
    'is a damaged ecdsa-sha2-nistp256 key',
  ],
])('%s is refused: %#', (_, text, message) => {
  expect(() => parseHostKey(text)).toThrow(message);
});

test('an error never repeats the text, which may be a private key by mistake', () => {
  expect(() => parseHostKey('PRIVATE-1 PRIVATE-2')).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('PRIVATE') }),
  );
});

function accepts(line: string): boolean {
  try {
    parseHostKey(line);
    return true;
  } catch {
    return false;
  }
}

function inDirectory(use: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'host-key-'));
  try {
    use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
