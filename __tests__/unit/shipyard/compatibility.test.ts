import { describe, expect, test } from '@jest/globals';
import { initSystemOf } from '../../../src/node/init-system.ts';
import { shipyardDemand } from '../../../src/plan/shipyard-demand.ts';
import { incompatibility, needsMinApiVersion } from '../../../src/shipyard/compatibility.ts';
import { nodeFacts, nodeSpec } from '../../support/fakes.ts';

const docker = (dockerVersion: string, systemd = true) => nodeFacts({ dockerVersion, systemd });

test.each(['1.3.0', '1.5.0', '1.13.1', '17.03.2-ce', '20.10.24+dfsg1', '24.0.9'])(
  'Docker %s answers Shipyard as it is',
  (version) => {
    expect(incompatibility(docker(version))).toBeUndefined();
    expect(shipyardDemand(docker(version), 'fail')).toEqual({ notes: [] });
  },
);

test.each([
  ['26.0.0', 'Docker 26.0.0 refuses API v1.15, the only one that Shipyard 2 speaks, whatever is configured'],
  ['26.1.5+dfsg1', 'Docker 26.1.5+dfsg1 refuses API v1.15'],
  ['29.3.0', 'Docker 29.3.0 refuses API v1.15'],
  ['1.2.0', 'Docker 1.2.0 is older than API v1.15'],
])('Docker %s never does: refused, or a warning on demand', (version, why) => {
  expect(incompatibility(docker(version))).toContain(why);
  expect(() => shipyardDemand(docker(version), 'fail')).toThrow(why);
  expect(shipyardDemand(docker(version), 'warn')).toEqual({ notes: [] });
  expect(shipyardDemand(docker(version), undefined)).toEqual({ notes: [] });
});

test('what the choices are is told', () => {
  expect(() => shipyardDemand(docker('26.1.5'), 'fail')).toThrow(
    expect.objectContaining({
      name: 'ActionError',
      hint: expect.stringMatching(/Docker 24 or older.*leave shipyard-url.*incompatible-engines: warn/),
    }),
  );
});

describe('Docker 25', () => {
  test('is told to answer, where systemd starts it', () => {
    const facts = docker('25.0.3');
    const { minApiVersion, notes } = shipyardDemand(facts, 'fail');
    expect(needsMinApiVersion(facts)).toBe(true);
    expect(notes).toEqual([expect.stringContaining('DOCKER_MIN_API_VERSION=1.15')]);
    const override = (version?: string) =>
      initSystemOf(facts).service(facts, nodeSpec(), version).files['override.conf'];
    expect(override(minApiVersion)).toMatch(
      /^\[Service\]\nExecStart=\n.*\nEnvironment=DOCKER_MIN_API_VERSION=1.15\n$/m,
    );
    expect(override()).not.toContain('Environment');
  });

  test('is left as it is without Shipyard', () => {
    expect(shipyardDemand(docker('25.0.3'), undefined)).toEqual({ notes: [] });
  });

  test('is refused where an init script starts it', () => {
    expect(() => shipyardDemand(docker('25.0.3', false), 'fail')).toThrow('where systemd starts Docker');
  });
});
