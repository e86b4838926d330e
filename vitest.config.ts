import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 3,
    isolate: false, // nothing of ours lives in a module; loading it once a worker saves a third of the time
    globalSetup: ['tests/support/global-setup.ts'],
    setupFiles: ['tests/support/no-network.ts'],
    testTimeout: 60_000, // ends what hangs; a busy machine is three times as slow as a quiet one
    hookTimeout: 120_000,
    coverage: { include: ['app/**'] },
  },
})
