/** End-to-end tests: real builds and real containers, one after the other (see test/e2e/README.md). */
module.exports = {
  ...require('./jest.config.js'),
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/'],
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
  globalSetup: '<rootDir>/test/e2e/harness/global-setup.ts',
  globalTeardown: '<rootDir>/test/e2e/harness/global-teardown.ts',
  testTimeout: 600_000,
  maxWorkers: 1,
};
