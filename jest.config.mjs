const base = {
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': '<rootDir>/scripts/jest-transform.mjs' },
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.data'],
}
const servers = {
  globalSetup: '<rootDir>/packages/testkit/src/jest-servers-start.ts',
  globalTeardown: '<rootDir>/packages/testkit/src/jest-servers-stop.ts',
}

// unit: nothing outside the process. int: real Postgres and Redis. story: the fleet, processes and a browser.
export default {
  reporters: ['default', '<rootDir>/scripts/jest-closing-line.mjs'],
  coverageProvider: 'v8',
  // For what never ends, on a machine that is busy; what has to be fast is measured by the benchmarks.
  testTimeout: 60_000,
  maxWorkers: 2,
  workerIdleMemoryLimit: '512MB',
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/{packages,services,apps,scripts}/**/!(*.int).test.ts'] },
    { ...base, ...servers, displayName: 'int', testMatch: ['<rootDir>/{packages,services}/**/*.int.test.ts'] },
    { ...base, ...servers, displayName: 'story', testMatch: ['<rootDir>/tests/**/*.test.ts'] },
  ],
}
