/**
 * `unit` needs nothing but Node; the others run dist/ against real clusters: `lab` what every change of a node stands on,
 * `long` each kind of host and firewall, the life of certificates, and the faults of Shipyard.
 */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] },
  // TypeScript rewrites `./x.ts` to `./x.js`; Jest reads the sources, so it looks for the name without an ending.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  clearMocks: true,
};

export default {
  // Each lab file boots a cluster of its own, and waits for it a third of its time.
  maxWorkers: 3,
  testSequencer: '<rootDir>/__tests__/order.mjs',
  // A unit test takes milliseconds, but one with real shells and sockets may wait for a busy machine.
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/__tests__/unit/**/*.test.ts'],
      globalSetup: '<rootDir>/__tests__/lab/support/programs.mjs',
    },
    {
      ...shared,
      displayName: 'lab',
      testMatch: ['<rootDir>/__tests__/lab/**/*.test.ts'],
      globalSetup: '<rootDir>/__tests__/lab/support/setup.mjs',
    },
    {
      ...shared,
      displayName: 'long',
      testMatch: ['<rootDir>/__tests__/long/**/*.test.ts'],
      globalSetup: '<rootDir>/__tests__/lab/support/setup.mjs',
    },
  ],
};
