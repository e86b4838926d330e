import type { Reporter, TestModule } from 'vitest/node'

const SLOW_MS = 5_000

/** Says at the end which tests have taken long, the longest first. */
export default class SlowTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]) {
    const timed = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({
        ms: test.diagnostic()?.duration ?? 0,
        name: `${module.relativeModuleId} > ${test.fullName}`,
      })),
    )
    const slow = timed.filter(({ ms }) => ms > SLOW_MS).sort((a, b) => b.ms - a.ms)
    if (slow.length === 0) return
    const lines = slow.map(({ ms, name }) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`)
    process.stdout.write(
      [`\n  Slower than ${SLOW_MS / 1000} s: ${slow.length}`, ...lines, ''].join('\n'),
    )
  }
}
