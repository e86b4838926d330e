import type { Reporter, TestCase, TestModule } from 'vitest/node'

const SLOW_MS = 5_000
const MOST_LINES = 6

/** Says at the end which tests have taken long, the longest first, and after them once more which have failed, and why. */
export default class RunReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]) {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const broken = modules.flatMap((module) => (module.errors().length > 0 ? [module] : []))
    const lines = [
      ...slow(tests),
      ...tests.filter((test) => test.result().state === 'failed').flatMap(failure),
      ...broken.map(
        (module) => `  FAILED  ${module.relativeModuleId}: ${firstOf(module.errors())}`,
      ),
    ]
    if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n`)
  }
}

const nameOf = (test: TestCase) => `${test.module.relativeModuleId} > ${test.fullName}`

function slow(tests: readonly TestCase[]): string[] {
  const timed = tests
    .map((test) => ({ ms: test.diagnostic()?.duration ?? 0, name: nameOf(test) }))
    .filter(({ ms }) => ms > SLOW_MS)
    .sort((a, b) => b.ms - a.ms)
  if (timed.length === 0) return []
  const title = `  Slower than ${SLOW_MS / 1000} s: ${timed.length}`
  return [
    title,
    ...timed.map(({ ms, name }) => `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`),
  ]
}

const failure = (test: TestCase) => [
  `  FAILED  ${nameOf(test)}`,
  ...firstOf(test.result().errors ?? [])
    .split('\n')
    .slice(0, MOST_LINES)
    .map((line) => `          ${line}`),
]

const firstOf = ([first]: readonly { message: string }[]) => first?.message ?? ''
