import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { DIST, lastBuild } from '../../scripts/built.js'
import { openScript } from '../../scripts/kept-code.js'
import { ROOT, tempFolder } from '../support/process.ts'

const SCRIPT =
  '(function (exports, require) { require("node:fs").writeFileSync(process.env.SAYS, "one") })'
const KEPT_CODE = path.join(ROOT, 'scripts/kept-code.js')
const SERVER = path.join('app', 'server.cjs')

test('the build keeps the code of a start, so that the first one is as fast as the others', () => {
  expect(openScript(path.join(DIST, lastBuild()?.folder ?? '', SERVER)).kept).toBe(true)
})

test('what was kept is used by the next', () => {
  const file = scriptIn(tempFolder())

  expect(run(file)).toEqual({ kept: false, says: 'one' })
  expect(run(file)).toEqual({ kept: true, says: 'one' })
})

test.each([
  [
    'with one byte changed',
    (code: Buffer) => code.fill((code.at(-9) ?? 0) ^ 255, code.length - 9, code.length - 8),
  ],
  ['cut off', (code: Buffer) => code.subarray(0, code.length >> 1)],
  ['empty', () => Buffer.alloc(0)],
  ['full of zeros, as after a power cut', (code: Buffer) => code.fill(0)],
])('kept code %s is not believed, and made anew', (_how, damage) => {
  const file = scriptIn(tempFolder())
  run(file)
  const kept = keptOf(file)
  writeFileSync(kept, damage(readFileSync(kept)))

  expect(run(file)).toEqual({ kept: false, says: 'one' })
  expect(run(file)).toEqual({ kept: true, says: 'one' })
})

test('Cyrillic is read as it was written', () => {
  const file = scriptIn(tempFolder())
  writeFileSync(file, SCRIPT.replace('"one"', '"ёж".replace(/ёж|ж/u, "one")'))

  expect(run(file)).toEqual({ kept: false, says: 'one' })
  expect(run(file)).toEqual({ kept: true, says: 'one' })
})

test('code of another script of the same length is not run', () => {
  const file = scriptIn(tempFolder())
  run(file)
  writeFileSync(file, SCRIPT.replace('one', 'two'))

  expect(run(file)).toEqual({ kept: false, says: 'two' })
})

test('in a folder of somebody else nothing is kept, and everything runs', () => {
  const folder = tempFolder()
  const file = scriptIn(folder)
  chmodSync(folder, 0o555)

  expect(run(file, { asNobody: true })).toEqual({ kept: false, says: 'one' })
  expect(readdirSync(folder)).toEqual([path.basename(file)])
})

function scriptIn(folder: string): string {
  const file = path.join(folder, 'script.cjs')
  writeFileSync(file, SCRIPT)
  chmodSync(folder, 0o755)
  return file
}

function keptOf(file: string): string {
  const name = readdirSync(path.dirname(file)).find((one) => one.startsWith('script.cjs.')) ?? ''
  return path.join(path.dirname(file), name)
}

/** One process that opens, runs and keeps: a damaged cache would end it. */
function run(file: string, { asNobody = false } = {}) {
  const says = path.join(tempFolder(), 'says')
  chmodSync(path.dirname(says), 0o777)
  const code = `
    import { openScript } from ${JSON.stringify(KEPT_CODE)}
    const script = openScript(${JSON.stringify(file)})
    script.run()
    script.keep()
    console.log(script.kept)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    env: { SAYS: says },
    encoding: 'utf8',
    ...(asNobody && process.getuid?.() === 0 && { uid: 65_534, gid: 65_534 }),
  })
  expect(stderr).toBe('')
  const said = existsSync(says) ? readFileSync(says, 'utf8') : ''
  rmSync(says, { force: true })
  return { kept: stdout.trim() === 'true', says: said }
}
