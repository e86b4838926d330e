import { setTimeout as pause } from 'node:timers/promises'
import { Browser, type Page } from './browser.ts'
import type { Postgres } from './postgres.ts'

/** What signed-in people went through while their database was restarted under them. */
export interface Restarts {
  /** Answers while it was there and while it was not. */
  answered: number
  refused: number
  /** Anything but a page, a redirect of ours and a 503 that says when to come back. */
  strange: string[]
  signedOut: number
  /** Writes that were acknowledged and are not there. */
  lost: number
}

/** How many may register from one address in an hour, and some. */
const PEOPLE = 6
const AWAY_MS = 300

/** People read and write at `url` all the while; in between their database goes and comes back `times` times. */
export async function restartUnderLoad(
  url: string,
  database: Pick<Postgres, 'restart'>,
  times: number,
): Promise<Restarts> {
  const seen: Restarts = { answered: 0, refused: 0, strange: [], signedOut: 0, lost: 0 }
  const people = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => arrive(url, n)))
  const ended = new AbortController()
  const busy = people.map((person) => keepBusy(person, seen, ended.signal))
  for (let time = 0; time < times; time += 1) {
    await pause(500 + Math.random() * 500)
    await database.restart(AWAY_MS)
  }
  await pause(500)
  ended.abort()
  await Promise.all(busy)
  for (const person of people) await lookBack(person, seen)
  return seen
}

interface Person {
  browser: Browser
  /** The last name whose saving was acknowledged, and the last that was sent. */
  acknowledged: number
  sent: number
}

async function arrive(url: string, n: number): Promise<Person> {
  const browser = new Browser(url)
  await browser.register({ email: `person${n}@example.ru` })
  return { browser, acknowledged: 0, sent: 0 }
}

/** Counts upwards in the own name. */
async function keepBusy(person: Person, seen: Restarts, ended: AbortSignal) {
  const { browser } = person
  const form = await browser.get('/account')
  while (!ended.aborted) {
    await answers(seen, 200, () => browser.get('/connections'))
    person.sent += 1
    const name = String(person.sent)
    const saved = await answers(seen, 303, () => browser.submit(form, '/account', { name }))
    if (saved) person.acknowledged = person.sent
  }
}

/** True when what was `wanted` came. */
async function answers(seen: Restarts, wanted: number, ask: () => Promise<Page>): Promise<boolean> {
  try {
    return note(seen, await ask(), wanted)
  } catch (error) {
    seen.strange.push(String(error))
    return false
  }
}

function note(seen: Restarts, page: Page, wanted: number): boolean {
  const { status, location, headers, url, text } = page
  const good = status === wanted && !location.includes('/login')
  const away = status === 503 && headers['retry-after'] !== undefined
  if (good) seen.answered += 1
  else if (away) seen.refused += 1
  else seen.strange.push(`${url} ${status} ${location} ${text.slice(0, 80)}`)
  return good
}

async function lookBack({ browser, acknowledged, sent }: Person, seen: Restarts) {
  const account = await browser.get('/account')
  if (account.status !== 200) {
    seen.signedOut += 1
    return
  }
  const name = Number(account.dom.querySelector('input[name=name]')?.getAttribute('value'))
  if (!(name >= acknowledged && name <= sent)) seen.lost += 1
}
