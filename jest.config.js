/** Unit, construct and example tests. The tests that need Docker have a configuration of their own: jest.e2e.config.js. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '<rootDir>/test/e2e/'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.json', diagnostics: false }],
  },
  // A machine of two cores would get one worker.
  maxWorkers: '100%',
  // A test that waits is no test of speed: a busy machine may take its time.
  testTimeout: 60_000,
  setupFiles: ['<rootDir>/test/setup.js'],
};
