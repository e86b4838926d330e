import { expect, onTestFinished } from 'vitest'
import { stopLetter } from '../../app/flows/notices/sync-stop-letters.ts'
import { stopOf } from '../../app/flows/notices/sync-stop.ts'
import { troubleLetter } from '../../app/flows/notices/trouble-letters.ts'
import { incidentOf } from '../../app/flows/notices/incident-rules.ts'
import { platforms } from '../../app/providers/index.ts'
import { stagingsOf } from '../simulators/all.ts'
import { hostAndPort } from '../../app/config/platform-hosts.ts'
import type { Fault } from '../simulators/simulator.ts'
import type { Stage } from '../simulators/stage.ts'
import { apiClient, apiToken } from './api.ts'
import { type Options, startApp, type TestApp } from './app.ts'
import type { Browser, Page } from './browser.ts'
import { NEVER_BROKEN } from './catalogue/shop.ts'

/** A second try would begin after a second. */
const ONE_TRY = { ...NEVER_BROKEN, timeoutMs: 950 }
const HASTY = { ...NEVER_BROKEN, timeoutMs: 250 }
const HTML = { 'Content-Type': 'text/html' }

/** What a platform may answer that is no word about a grant, and whether anything understandable came back at all. */
export const ANSWERS: readonly [name: string, fault: Fault, came: boolean][] = [
  ['400', { status: 400, body: '{}' }, true],
  ['401 in a page', { status: 401, body: '<html>', headers: HTML }, true],
  ['403 in a page', { status: 403, body: '<html>', headers: HTML }, true],
  ['404 in a page', { status: 404, body: '<html>', headers: HTML }, true],
  ['406', { status: 406, body: '' }, true],
  ['500', { status: 500, body: '{}' }, false],
  ['503 in a page', { status: 503, body: '<html>', headers: HTML }, false],
  ['HTML with 200', { body: '<!doctype html><p>Скоро', headers: HTML }, true],
  ['half a body', { way: 'reset' }, false],
  ['a redirect', { way: 'redirect' }, true],
  ['no answer in time', { way: 'hang' }, false],
  ['JSON that breaks off', { body: '{"items": [' }, true],
  ['a list where an object should be', { body: '[]' }, true],
  ['JSON of another kind', { body: '{"pong": true}' }, true],
  ['nothing', { body: '' }, true],
  ['429', { status: 429, body: '', headers: { 'Retry-After': '1' } }, true],
]

/** Every platform of the list, EvoSync beside them, and a person who has registered. */
export interface World extends Walker {
  stages: readonly Stage[]
  /** On the same database, and quick to give up: for what never answers, and for nothing that is to succeed. */
  hasty: Walker
}

interface Walker {
  app: TestApp
  browser: Browser
  /** A program that asks in the person's name. */
  ask: ReturnType<typeof apiClient>
}

/** Who walks a cell: waiting for an answer that does not come is cut short, any other has all the time it needs. */
export const walkerOf = (world: World, { way }: Fault): Walker =>
  way === 'hang' ? world.hasty : world

/** All of the registry and what an administrator adds: a platform that is new there is walked without a word here. */
export async function openWorld(): Promise<World> {
  const stagings = await stagingsOf([...platforms.map(({ key }) => key), 'custom'])
  const stages = await Promise.all(stagings.map(async ([first]) => await opened(first)))
  const app = await startApp(optionsFor(stages))
  const browser = app.newBrowser()
  await browser.register()
  for (const { typed } of stages) if (typed) await addPlatform(browser, typed)
  const hasty = await openBeside(app, { ...optionsFor(stages), http: HASTY })
  return { ...(await walker(app, browser)), stages, hasty }
}

/** Another instance on the same database, and the same person in it. */
export async function openBeside(beside: TestApp, options: Options): Promise<Walker> {
  const app = await startApp({ ...options, beside })
  const browser = app.newBrowser()
  await browser.signIn()
  return await walker(app, browser)
}

const walker = async (app: TestApp, browser: Browser): Promise<Walker> => ({
  ...{ app, browser },
  ask: apiClient(app, await apiToken(app)),
})

async function addPlatform(browser: Browser, typed: Record<string, string>) {
  const form = await browser.get('/admin/providers/new')
  const { location } = await browser.submit(form, '/admin/providers', typed)
  await browser.get(location) // which says so, once
}

async function opened(staging: { open: () => Promise<Stage> } | undefined): Promise<Stage> {
  if (!staging) throw new Error('a platform without a simulator')
  const stage = await staging.open()
  onTestFinished(() => stage.simulator.stop())
  return stage
}

/** `moved` leads what our server asks for elsewhere; people still come to the platforms' own pages. */
export function optionsFor(stages: readonly Stage[], moved?: string): Options {
  const env = Object.fromEntries(
    stages.flatMap(({ simulator, env: own }) =>
      Object.entries({ ...simulator.variables(), ...own }).map(([name, value]) => [
        name,
        moved !== undefined && !name.endsWith('_AUTHORIZE_URL')
          ? value.replace(simulator.url, moved)
          : value,
      ]),
    ),
  )
  const simulators = stages.map(({ simulator }) => simulator)
  const typed = stages.filter((stage) => stage.typed).map(({ simulator }) => simulator.url)
  const allowed = [...typed, ...(moved === undefined ? [] : [moved])]
  env.OUTBOUND_ALLOW = allowed.map((one) => hostAndPort(new URL(one))).join()
  return { simulators, env, http: ONE_TRY }
}

/** Nobody is connected, nobody has come too often. */
export async function forget({ ctx }: TestApp): Promise<void> {
  await ctx.db('rate_limits').delete()
  await ctx.db('connections').delete()
  await ctx.db('events').delete()
}

/** The connection as it was before it was asked after. */
export async function asBefore({ ctx }: TestApp): Promise<void> {
  await ctx.db('rate_limits').delete()
  await ctx.db('events').delete()
  await ctx.db('notices').delete()
  await ctx.db('connections').update({
    ...{ is_online: true, health: 'online', reason: null, detail: null, incident: null },
    ...{ failed_checks: 1, refusals: 0, next_check_at: null, refresh_after: null },
  })
}

/** What the notices of a page say, without the code for support. */
export function noticesOf({ dom }: Page): string {
  const words = dom
    .querySelectorAll('.notice h2, .notice p')
    .filter((one) => !one.closest('details'))
  return words.map(({ text }) => text.trim()).join(' ')
}

/** A code as programs write it. */
const RAW = /[a-z]+_[a-z_]+|код [a-z]|«код/

/** What of a title stays when Russian declines it: «Одноклассники», «в Одноклассниках». */
const stemOf = (title: string) => title.replace(/[иы]$/, '')

/** Whoever reads this knows whose it is, and reads sentences. `others` had nothing to do with it. */
export function expectBlamed(
  words: string,
  title: string,
  others: readonly string[],
  cell: string,
) {
  const own = new RegExp(`${stemOf(title)}[а-яё]*`, 'g')
  expect(words, cell).toMatch(own)
  const rest = words.replaceAll(own, '').replaceAll(/https?:\/\/\S+/g, '')
  for (const other of others) expect(rest, cell).not.toContain(stemOf(other))
  expect(rest, cell).not.toMatch(RAW)
  expect(rest, cell).not.toMatch(/[{}]|undefined|null/)
  expect(words, cell).toMatch(/[а-яё]\.( |$)/)
}

/** The letter that its owner gets about a connection; empty where there is nothing to tell. */
export async function letterAbout({ ctx }: TestApp, key: string): Promise<string> {
  const connection = await ctx.connections.find(1, key)
  const provider = ctx.providers.get(key)
  const trouble = connection && incidentOf(provider, connection, new Date())
  if (!trouble) return ''
  const owner = { email: 'm@example.ru', name: 'Марина' }
  const { subject, text } = troubleLetter(ctx.config, owner, {
    ...{ provider, connection, code: trouble.code },
  })
  return `${subject}. ${text}`
}

/** The same about a pair whose goods do not go. */
export async function stopLetterAbout({ ctx }: TestApp, linkId: number): Promise<string> {
  const link = await ctx.syncLinks.get(linkId)
  const stop = link && (await stopOf(ctx, link))
  if (!stop) return ''
  const { subject, text } = stopLetter(ctx.config, { email: 'm@example.ru', name: 'Марина' }, stop)
  return `${subject}. ${text}`
}
