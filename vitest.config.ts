import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tests/support/longest-first.ts'

/** `--mode unit`: only what needs neither a database nor a browser, so that neither is started. */
export default defineConfig(({ mode }) => ({
  test: {
    include: [mode === 'unit' ? 'tests/unit/**/*.test.ts' : 'tests/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 3,
    isolate: false, // nothing of ours lives in a module; loading it once a worker saves a third of the time
    globalSetup: mode === 'unit' ? [] : ['tests/support/global-setup.ts'],
    setupFiles: ['tests/support/no-network.ts'],
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './tests/support/run-report.ts'],
    // Limits end what hangs and nothing else: a busy machine is many times as slow as a quiet one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 120_000 } },
    coverage: { include: ['app/**'] },
  },
}))
