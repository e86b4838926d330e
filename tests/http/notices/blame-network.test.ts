import { createServer as createTcpServer } from 'node:net'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { expect, onTestFinished, test } from 'vitest'
import {
  asBefore,
  expectBlamed,
  forget,
  letterAbout,
  noticesOf,
  openBeside,
  openWorld,
  optionsFor,
  stopLetterAbout,
} from '../../support/blame.ts'
import { NEVER_BROKEN, openShop, runOnce } from '../../support/catalogue/shop.ts'

/** Ways in which nothing comes back at all, and what may be said of each. */
const ROADS: [name: string, open: () => Promise<string>, said: RegExp][] = [
  ['a refused connection', closedPort, /временно не отвеча[ею]т/],
  [
    'a name that leads nowhere',
    () => Promise.resolve('http://localhost.nowhere.invalid'),
    /временно не отвеча[ею]т/,
  ],
  [
    'a certificate nobody vouches for',
    selfSigned,
    /Защищённое соединение не установлено|сертификат/,
  ],
]

test.each(ROADS)('%s on the way to any platform is told as its own', async (name, open, said) => {
  const { away, visitor, stages } = await openAway(await open())
  const titles = stages.map(({ title }) => title)
  const othersOf = (title: string) => titles.filter((one) => one !== title && !title.includes(one))

  for (const { key, title } of stages) {
    await visitor.submit(await visitor.get(`/${key}`), `/${key}/check`)
    const page = await visitor.get(`/${key}`)
    await away.ctx.db('rate_limits').delete()
    for (const words of [noticesOf(page), await letterAbout(away, key)]) {
      expectBlamed(words, title, othersOf(title), `${key}, check: ${name}`)
      expect(words, key).toMatch(said)
    }
    expect(page.text, key).not.toMatch(UNTRUE)
  }
  await forget(away)
  for (const { key, title } of stages) {
    const back = await visitor.connect(key)
    const words = noticesOf(await visitor.get(back.location))
    expectBlamed(words, title, othersOf(title), `${key}, exchange: ${name}`)
    expect(words, key).toMatch(said)
    await forget(away)
  }
})

test('what never left our server is nobody’s but ours, and takes no connection down', async () => {
  const { away, visitor, stages, ask } = await openAway(NO_WAY)

  for (const { key, title } of stages) {
    await visitor.submit(await visitor.get(`/${key}`), `/${key}/check`)
    const page = await visitor.get(`/${key}`)
    const words = noticesOf(page)
    await away.ctx.db('rate_limits').delete()

    expect(words, key).toContain('Сбой на нашей стороне')
    expect(words, key).not.toContain(title)
    expect(page.text, key).not.toMatch(UNTRUE)
    expect((await ask('GET', `/connections/${key}`)).body, key).toMatchObject({ is_online: true })
  }
  await forget(away)
  for (const { key, title } of stages) {
    const back = await visitor.connect(key)
    const words = noticesOf(await visitor.get(back.location))

    expect(back.location, key).toBe(`/${key}?error=no_way_out`)
    expect(words, key).toContain('Сбой на нашей стороне')
    expect(words, key).not.toContain(title)
    await forget(away)
  }
})

/** No host of ours may send there: it is the broadcast address of this machine (ENETUNREACH). */
const NO_WAY = 'http://127.255.255.255:9'
const UNTRUE = /больше не даёт доступ|Доступа больше нет|Не хватает прав/

/** Everybody is connected, and then everything our server asks for is elsewhere. */
async function openAway(moved: string) {
  const { app, browser, stages: all } = await openWorld()
  const stages = all.filter(({ typed }) => !typed) // variables lead nobody else elsewhere
  for (const { key } of stages) await browser.connect(key)
  const { app: away, browser: visitor, ask } = await openBeside(app, optionsFor(stages, moved))
  await asBefore(app)
  return { away, visitor, stages, ask }
}

const SIDES = [
  { key: 'evotor', guilty: 'Эвотор', innocent: 'ВКонтакте' },
  { key: 'vk', guilty: 'ВКонтакте', innocent: 'Эвотор' },
] as const

test.each(
  SIDES.flatMap((side) => ROADS.map(([name, open, said]) => ({ ...side, name, open, said }))),
)(
  '$name on the way to $guilty stops a run in its name alone',
  async ({ key, guilty, innocent, name, open, said }) => {
    const { away, visitor, link } = await openShopAway(key, await open())

    const run = await runOnce({ app: away, link })
    const pages = [
      await visitor.get(`/sync/runs/${run.id}`),
      await visitor.get('/sync'),
      await visitor.get(`/sync/preview?link=${link.id}`),
    ].map(noticesOf)

    expect(run).toMatchObject({ state: 'paused', reasonPlatform: key })
    for (const words of [...pages, await stopLetterAbout(away, link.id)].filter(Boolean)) {
      expectBlamed(words, guilty, [`${innocent} `], name)
      expect(words).toMatch(said)
    }
    expect(pages.filter(Boolean).length).toBeGreaterThan(0)
  },
)

test.each(SIDES)('a run of ours that cannot get out to $guilty names nobody', async ({ key }) => {
  const { away, visitor, link } = await openShopAway(key, NO_WAY)

  const run = await runOnce({ app: away, link })
  const words = noticesOf(await visitor.get(`/sync/runs/${run.id}`))

  expect(run).toMatchObject({ state: 'paused', reason: 'no_way_out', reasonPlatform: undefined })
  expect(words).toContain('Сбой на нашей стороне')
  expect(words).not.toMatch(/Эвотор |ВКонтакте /)
})

/** A shop of which one end is elsewhere since it was connected. */
async function openShopAway(key: 'evotor' | 'vk', moved: string) {
  const { app, link, evotor, vk } = await openShop({ http: NEVER_BROKEN, everyMinutes: 60 })
  const [there, other] = key === 'vk' ? [vk, evotor] : [evotor, vk]
  const env = { ...other.variables(), ...movedFrom(there, moved) }
  const { app: away, browser: visitor } = await openBeside(app, { env, http: NEVER_BROKEN })
  return { away, visitor, link }
}

const movedFrom = (
  { url, variables }: { url: string; variables: () => Record<string, string> },
  moved: string,
) =>
  Object.fromEntries(
    Object.entries(variables()).map(([name, value]) => [name, value.replace(url, moved)]),
  )

async function closedPort(): Promise<string> {
  const server = createTcpServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return `http://127.0.0.1:${port}`
}

async function selfSigned(): Promise<string> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
  })
  const server = createServer({ cert, key }, (_req, res) => res.end('{}'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}
