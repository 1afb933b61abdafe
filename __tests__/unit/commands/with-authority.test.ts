import { expect, test } from '@jest/globals';
import { createAuthority } from '../../../src/authority/create.ts';
import { sealAuthority } from '../../../src/authority/seal.ts';
import { initCa } from '../../../src/commands/init-ca.ts';
import type { AuthoritySource } from '../../../src/inputs/authority-request.ts';
import { Secret } from '../../../src/secret.ts';
import { CommandStage } from '../../support/command-stage.ts';
import * as fakes from '../../support/fakes.ts';

const passphrase = new Secret('correct horse battery staple');

/** A CA of ten years at this age, as `ca` holds it. */
async function aged(days: number): Promise<{ readonly certificate: string; readonly sealed: string }> {
  const now = fakes.daysFrom(fakes.NOW, -days);
  const authority = await createAuthority({ algorithm: 'ecdsa-p256', days: 3650, now });
  const sealed = await sealAuthority(authority, passphrase);
  return { certificate: authority.generations[0].certificate.pem, sealed };
}

async function warnings(authority: AuthoritySource): Promise<readonly string[]> {
  const { ports, workflow } = new CommandStage();
  await initCa(ports, { ...fakes.request({ nodes: [fakes.nodeSpec()], authority }), command: 'init-ca' });
  return workflow.log.filter((line) => line.startsWith('warning '));
}

test('of a CA near its end the log of every run warns, and names the command', async () => {
  const source = async (days: number): Promise<AuthoritySource> => {
    const { sealed } = await aged(days);
    return { kind: 'bundle', input: 'ca', bundle: new Secret(sealed), passphrase };
  };
  expect(await warnings(await source(3000))).toEqual([]);
  expect(await warnings(await source(3400))).toEqual([
    expect.stringMatching(/^warning the CA .* ends on .*, in 250 days, .*: run command: rotate-ca in time$/),
  ]);
});

test('of one that is imported it warns that old leaves open all nodes, and recommends the rotation', async () => {
  const { certificate, sealed } = await aged(0);
  const [, key = ''] = Buffer.from(sealed, 'base64').toString().split(certificate);
  const found = await warnings({ kind: 'import', certificate, key: new Secret(key), passphrase });
  expect(found).toContainEqual(
    expect.stringMatching(
      /^warning the imported CA .* CA:TRUE, so that .* opens all nodes .*rotate-ca soon$/,
    ),
  );
});
