/** Two projects: `unit` needs nothing but Node; `lab` runs dist/ against the real cluster. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] },
  // TypeScript rewrites `./x.ts` to `./x.js`; Jest reads the sources, so it looks for the name without an ending.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  clearMocks: true,
};

export default {
  // Each lab file boots a cluster of its own. A third one at the same time would save a tenth, and delay all that is timed.
  maxWorkers: 2,
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
  ],
};
