import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../../app/root.ts'
import { makeFiles } from '../../../app/web/assets/make.ts'
import { cutBootstrap } from '../../../scripts/assets/cut-bootstrap.ts'
import { bootstrapClasses, classesIn } from '../../support/styles.ts'
import { textsIn } from './texts.ts'

/** Raw; Bootstrap as it comes has 280,000. */
const LARGEST = 35_000

test('what is kept of Bootstrap is what pages use today: else `npm run bootstrap`', async () => {
  const kept = readFileSync(path.join(ROOT, 'public/bootstrap.css'), 'utf8')

  expect(kept).toBe(await cutBootstrap())
  expect(kept.length).toBeLessThan(LARGEST)
  expect(kept).toContain('Licensed under MIT')
})

test('every class of Bootstrap that a view or code of pages names is served', async () => {
  const served = classesIn(await sheet())
  const bootstraps = bootstrapClasses().whole
  const words = [...textsIn('views', 'app/web', 'public/app.js').values()].flatMap(
    (text) => text.match(/[\w-]+/g) ?? [],
  )

  const named = new Set(words.filter((word) => bootstraps.has(word)))

  expect(named.size).toBeGreaterThan(50)
  expect([...named].filter((name) => !served.has(name))).toEqual([])
})

test('a class of Bootstrap that is put together from parts is served whatever the parts', async () => {
  const served = classesIn(await sheet())
  const bootstraps = [...bootstrapClasses().whole]
  const begun = [...textsIn('views').values()]
    .flatMap((text) => text.match(/class="(?:<%[^]*?%>|[^"])*"/g) ?? [])
    .flatMap((classes) => classes.match(/[a-z][\w-]*-(?=<%|\$\{)/g) ?? [])

  const meant = bootstraps.filter((name) => begun.some((start) => name.startsWith(start)))

  expect(begun).toContain('text-bg-')
  expect(meant.filter((name) => !served.has(name) && !NOT_OURS.test(name))).toEqual([])
})

/** Tones no badge has. */
const NOT_OURS = /^text-bg-(primary|light|dark)$/

test('variables that the sheet uses are in the sheet', async () => {
  const text = await sheet()
  const set = new Set(text.match(/--[\w-]+(?=:)/g))

  const used = text.match(/(?<=var\()--(?:bs|es)-[\w-]+(?=\))/g) ?? []

  expect(used.length).toBeGreaterThan(100)
  expect(
    [...new Set(used)].filter((name) => !set.has(name) && !UNSET_BY_BOOTSTRAP.has(name)),
  ).toEqual([])
})

/** Bootstrap leaves these to whoever wants them. */
const UNSET_BY_BOOTSTRAP = new Set(['--bs-body-text-align'])

async function sheet(): Promise<string> {
  const files = await makeFiles([], [])
  return files.get('app.css')?.toString() ?? ''
}
