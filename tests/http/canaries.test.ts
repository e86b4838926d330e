import { describe, expect, test } from 'vitest'
import { checkDue } from '../../app/flows/connections/check-due.ts'
import { isPostgres } from '../../app/store/db.ts'
import type { Asked, Fault } from '../simulators/simulator.ts'
import { apiClient, apiToken } from '../support/api.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Browser, PERSON } from '../support/browser.ts'
import { ENGINES } from '../support/databases.ts'
import { allPlatforms, PLATFORMS, type Stage } from '../support/platforms.ts'
import { startEvotor, startVk } from '../support/simulators.ts'
import { openConnectedScene } from '../support/stage.ts'

const PASTED = 'f46b0000-0000-4000-8000-00000000abcd'
describe.each(ENGINES)('On %s', (engine) => {
  test('no row, line or page holds a secret of VK ID, a pasted token, a reset link or a key of ours', async () => {
    const [vk, evotor] = [await startVk(), await startEvotor()]
    const [flowers] = evotor.users
    evotor.applicationTokens.set(PASTED, { userId: flowers?.id ?? '', header: 'authorization' })
    const env = { ...vk.variables('vkid'), VK_CLIENT_SECRET: '' }
    const app = await startApp({ engine, vk, evotor, env })
    const browser = app.newBrowser()
    await browser.register()

    await browser.connect('vk')
    const past = new Date(Date.now() - 1000)
    await app.ctx.db('connections').update({ expires_at: past, refresh_due_at: past })
    await checkDue(app.ctx, new Date(), new AbortController().signal)
    await browser.submit(await browser.get('/evotor'), '/evotor/token', { token: PASTED })
    const pages = [
      await browser.get('/connections'),
      await browser.get('/vk'),
      await browser.get('/evotor'),
      await browser.get('/account'),
      await browser.submit(await browser.get('/account'), '/account/export'),
    ]
    const link = await browser.submit(
      await browser.get('/admin/users'),
      '/admin/users/1/reset-link',
    )
    const reset = /token=([\w-]+)/.exec(link.html)?.[1] ?? ''

    const told = vk.asked.flatMap(({ query, form }) =>
      SECRET.flatMap((name) => [query[name], form[name]]),
    )
    const given = [...vk.tokens.keys(), ...vk.refreshTokens.keys(), ...vk.spent.keys()]
    const ours = [...app.ctx.config.sessionSecrets, ...keysOf(app), PERSON.password, PASTED, reset]
    const secrets = [...new Set([...told, ...given, ...ours])].filter((one) => one !== undefined)
    expect(secrets.every((secret) => secret.length > 10)).toBe(true)
    expect(secrets.length).toBeGreaterThan(12)
    const rows = await allRows(app)
    const places = {
      rows: JSON.stringify(rows),
      log: JSON.stringify(app.lines),
      pages: pages.map(({ html }) => html).join(),
    }
    for (const [place, text] of Object.entries(places)) {
      expect(
        secrets.filter((secret) => text.includes(secret)),
        place,
      ).toEqual([])
    }
  })
})

describe.each(await everywhere())('With $platform.name on $engine', ({ platform, engine }) => {
  test('no table, line, page, journal, export or problem holds what only the two of us may know', async () => {
    const { app, browser, stage } = await openConnectedScene(platform, { engine })
    const watch = await watchFor(app, browser, stage)

    await watch.look()
    await renewAndCheck(app)
    await watch.look()
    if (app.ctx.providers.get(stage.key).signIn) {
      await browser.get(await browser.consent(`/account/sign-in/${stage.key}/link`))
      const visitor = app.newBrowser()
      await visitor.get(await visitor.consent(`/login/${stage.key}`))
      await watch.look()
    }
    await browser.connect(stage.key, { account: stage.second.id }) // another account is offered, and kept sealed
    await watch.look()
    for (const [path, fault] of faultsOf(stage)) {
      stage.simulator.fault(path, fault)
      const back = await browser.connect(stage.key)
      await browser.get(back.location)
      await renewAndCheck(app)
      await watch.look()
      stage.simulator.mend()
    }
    const callback = await browser.consent(`/${stage.key}/connect`)
    await browser.get(`${callback}&code=${ECHO}&signedInstance=${ECHO}`)
    await browser.get(`/${stage.key}/callback?state=${ECHO}&code=${ECHO}&error=${ECHO}`)
    await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/disconnect`)
    await watch.look()

    const secrets = watch.secrets()
    expect(secrets.length).toBeGreaterThan(8)
    for (const [place, text] of Object.entries(watch.seen())) {
      expect(text.length, place).toBeGreaterThan(100)
      expect(
        secrets.filter((secret) => text.includes(secret)),
        place,
      ).toEqual([])
    }
  })
})

/** In every answer that goes wrong, as some platforms repeat what they were sent; and in what a stranger makes up. */
const ECHO = 'echo-of-a-secret-4711'

const faultsOf = ({ tokenPath, probePath }: Stage): [string, Fault][] =>
  [tokenPath, probePath].flatMap((path) =>
    [400, 401, 503].map((status): [string, Fault] => {
      const said = {
        error: 'invalid_request',
        error_description: `${ECHO} is wrong`,
        message: ECHO,
      }
      return [path, { status, body: JSON.stringify({ ...said, received: { code: ECHO } }) }]
    }),
  )

async function renewAndCheck({ ctx }: TestApp) {
  const past = new Date(Date.now() - 1000)
  const due = { refresh_due_at: past, refresh_after: null, next_check_at: null }
  await ctx.db('connections').update(due)
  await checkDue(ctx, new Date(), new AbortController().signal)
}

/** Collects what can be seen from outside, and what must not be, as the day goes on. */
async function watchFor(app: TestApp, browser: Browser, { key, simulator, env }: Stage) {
  const { ctx } = app
  const token = await apiToken(app, ['read', 'tokens', 'admin'])
  const hook = await ctx.webhooks.save(1, 'https://127.0.0.1:9/refused-by-the-guard')
  const call = apiClient(app, token)
  const known = new Set<string | undefined>([token, hook, ECHO, PERSON.password])
  const open = new Set<string | undefined>()
  const seen = { rows: '', pages: '', journal: '', exported: '', programs: '' }

  async function remember() {
    const offer = await ctx.offers.find(1, key)
    for (const tokens of [await ctx.connections.tokensOf(1, key), offer?.tokens])
      for (const one of [tokens?.accessToken, tokens?.refreshToken]) known.add(one)
    for (const id of await ctx.db('connections').pluck<string[]>('account_id')) open.add(id)
    open.add(offer?.account.id)
  }

  return {
    async look() {
      await remember()
      seen.rows += JSON.stringify(await allRows(app))
      const own = ['/connections', `/${key}`, '/account', '/help']
      const admin = ['providers', `providers/${key}`, 'users', 'health'].map(
        (one) => `/admin/${one}`,
      )
      for (const path of [...own, ...admin]) seen.pages += (await browser.get(path)).html
      seen.journal += (await browser.get('/admin/audit')).html
      seen.exported += (await browser.submit(await browser.get('/account'), '/account/export')).html
      const status = `/connections/${key}`
      for (const path of ['/connections', status, `${status}?live=true`, '/onboarding'])
        seen.programs += JSON.stringify(await call('GET', path))
      const problems = [
        await call('POST', `/connections/${key}/refresh`),
        await call('PATCH', `/oauth/${key}`, { json: { client_secret: ECHO } }),
      ]
      seen.programs += JSON.stringify(problems)
    },
    seen: () => ({ ...seen, log: JSON.stringify(app.lines) }),
    secrets() {
      const variables = Object.entries({ ...simulator.variables(), ...env })
      const own = variables.filter(([name]) => /_(SECRET|KEY)$/.test(name))
      const sent = simulator.asked.flatMap(secretsIn)
      const all = [...known, ...own.map(([, value]) => value), ...sent, ...keysOf(app)]
      return [...new Set(all)].filter(
        (one): one is string => one !== undefined && one.length > 10 && !open.has(one),
      )
    },
  }
}

/** What we sent by a name that says it is secret, wherever it stood. */
function secretsIn({ query, form, json, headers }: Asked): string[] {
  const fields = { ...query, ...form, ...(json as Record<string, unknown> | undefined) }
  const named = Object.entries(fields).flatMap(([name, value]) =>
    /^(code|state|sign|code_verifier|device_id|client_secret|appsecret_proof)$|token$/.test(name)
      ? [value]
      : [],
  )
  const carried = [headers.authorization, headers['x-authorization']].map((header) =>
    String(header ?? '').replace(/^(Bearer|Basic) /, ''),
  )
  return [...named, ...carried].filter((one): one is string => typeof one === 'string')
}

/** Every table there is, whoever added it. */
async function allRows({ ctx }: TestApp): Promise<unknown[]> {
  const names = isPostgres(ctx.db)
    ? await ctx.db('pg_tables').where({ schemaname: 'public' }).pluck<string[]>('tablename')
    : await ctx.db('sqlite_master').where({ type: 'table' }).pluck<string[]>('name')
  expect(names).toContain('connections')
  return await Promise.all(names.map((table) => ctx.db(table).select()))
}

async function everywhere() {
  const platforms = await allPlatforms()
  const lead = new Set(PLATFORMS.map(({ name }) => name)) // what is stored is stored alike for the others
  return platforms.flatMap((platform) =>
    ENGINES.filter((engine) => engine === 'sqlite' || lead.has(platform.name)).map((engine) => ({
      platform,
      engine,
    })),
  )
}

const SECRET = ['code', 'state', 'code_verifier', 'device_id', 'access_token', 'refresh_token']

const keysOf = ({ ctx }: TestApp) =>
  ctx.config.tokenKeys.map(({ bytes }) => bytes.toString('base64'))
