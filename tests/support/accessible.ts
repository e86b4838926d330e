import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { WIDTHS } from './chromium-page.ts'
import { classesLeftOut } from './styles.ts'

/** axe as a script of every page of a window: what comes with the page is compiled once, what is sent later each time. */
export const AXE = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** Everything of the two lower levels and what is thought good besides. */
const OPTIONS: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  reporter: 'no-passes',
  preload: { assets: ['media'] }, // no rule of these reads style sheets
}

const COLOURS: RunOptions = { ...OPTIONS, runOnly: { type: 'rule', values: ['color-contrast'] } }

/** Buttons take a moment to change their colours: it is over. */
const PAINTED =
  'document.getAnimations().forEach((one) => one instanceof CSSTransition && one.finish()), getComputedStyle(document.documentElement).colorScheme'

const BEHIND = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const WIDE_CELLS =
  "[...document.querySelectorAll('tbody > tr > *')].filter((cell) => cell.scrollWidth > cell.clientWidth)"

const UNDRAWN =
  "[...document.querySelectorAll('svg.bi')].filter((icon) => icon.checkVisibility() && !icon.getBBox().width)"
const CLASSES = "[...document.querySelectorAll('[class]')].flatMap((one) => [...one.classList])"

/** Classes of Bootstrap that no page had when it was cut: whoever puts such a one together goes without. */
const LEFT_OUT = classesLeftOut()

/** At no width does {@link look} find anything, in a window with `axe`. Gives what the page says. */
export async function check(page: Page, name: string): Promise<string> {
  await atEachWidth(page, (width) => look(page, `${name}, ${width} px`))
  await lookInTheDark(page, name)
  return await page.getByRole('main').innerText()
}

/** axe finds nothing, nothing sticks out sideways, of the page or of a cell, one h1, every icon and class is there. */
export async function look(page: Page, name: string): Promise<void> {
  await page.waitForLoadState() // without its sheet a page has small buttons
  expect(await violations(page, OPTIONS), name).toEqual([])
  expect(await page.evaluate(BEHIND), name).toBe(0)
  expect(await page.evaluate(`${WIDE_CELLS}.map((cell) => cell.textContent)`), name).toEqual([])
  expect(await page.locator('h1').count(), name).toBe(1)
  await page.waitForFunction(`${UNDRAWN}.length === 0`) // the sprite comes when it comes
  const classes = await page.evaluate<string[]>(CLASSES)
  expect(
    classes.filter((one) => LEFT_OUT.has(one)),
    name,
  ).toEqual([])
}

/** Colours are all that the dark changes; each stands in every page at every width. */
async function lookInTheDark(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await page.evaluate(PAINTED), name).toBe('dark')
  expect(await violations(page, COLOURS), `${name}, in the dark`).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

async function violations(page: Page, options: RunOptions): Promise<string[]> {
  const { violations: all } = await page.evaluate<AxeResults>(
    `axe.run(document, ${JSON.stringify(options)})`,
  )
  return all.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** Presses a button, or what else there is to press, that can be pressed at each width. */
export async function press(page: Page, what: string | Locator): Promise<void> {
  const there = typeof what === 'string' ? page.getByRole('button', { name: what }) : what
  await atEachWidth(page, () => there.click({ trial: true }))
  await there.click()
}

/** Ends where it began, at the narrow one. */
export async function atEachWidth(
  page: Page,
  work: (width: number) => Promise<void>,
): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    await work(width)
  }
}
