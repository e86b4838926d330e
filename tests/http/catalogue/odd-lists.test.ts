import { expect, test } from 'vitest'
import type { TestApp } from '../../support/app.ts'
import { allPlatforms } from '../../support/platforms.ts'
import { openShop } from '../../support/catalogue/shop.ts'
import { openConnectedScene, openScene } from '../../support/stage.ts'

/** What stands in a list and is none of it. */
const ODD: readonly unknown[] = [null, 7, 'текст', false, [], { id: {} }, { id: null, name: {} }]

const PLACES: [name: string, at: (length: number) => number][] = [
  ['before', () => 0],
  ['after', (length) => length],
]

const among = (good: unknown, at: (length: number) => number): unknown[] =>
  [good].toSpliced(at(1), 0, ...ODD)

const STATION = 'vokzal.example'

/** Every list an account is shown with: where it is asked for, how it comes, what is in it. */
const LISTS: [
  name: string,
  list: string,
  path: string,
  wrap: (items: unknown[]) => object,
  good: object,
][] = [
  [
    'Эвотор',
    'stores',
    '/stores',
    (items) => ({ items, paging: {} }),
    { id: 's1', name: STATION, address: '' },
  ],
  [
    'Google Search Console',
    'sites',
    '/webmasters/v3/sites',
    (siteEntry) => ({ siteEntry }),
    { siteUrl: `https://${STATION}/`, permissionLevel: 'siteOwner' },
  ],
  ['Bing Webmaster', 'sites', '/json/GetUserSites', (d) => ({ d }), { Url: `https://${STATION}/` }],
  [
    'WordPress.com, all sites',
    'sites',
    '/rest/v1.1/me/sites',
    (sites) => ({ sites }),
    { URL: `https://${STATION}`, name: STATION },
  ],
  [
    'Facebook',
    'ad accounts',
    '/me/adaccounts',
    (data) => ({ data }),
    { account_id: '77', name: STATION, account_status: 1 },
  ],
]

test.each(LISTS.flatMap((row) => PLACES.map(([where, at]) => ({ row, where, at }))))(
  'odd things $where the others in a list of $row.0 are their own loss, with a line in the log',
  async ({ row: [name, list, path, wrap, good], at }) => {
    const { app, browser, stage } = await openConnectedScene(await platformCalled(name))
    const asked = stage.simulator.asked.find((one) => one.path.endsWith(path))?.path ?? path
    const items = among(good, at)
    stage.simulator.fault(asked, { body: JSON.stringify(wrap(items)) })

    await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)
    const page = await browser.get(`/${stage.key}`)

    expect(page.text).toContain(STATION)
    expect(page.text).toContain('Подключено')
    expectNoted(app, stage.key, [list])
  },
)

test.each(PLACES)('odd things %s the numbers of shops leave the shops', async (_where, at) => {
  const { app, browser, stage } = await openScene(
    await platformCalled('Shopee with a main account'),
  )
  const shops = among(14_701_712, at).filter((one) => one !== 7)
  const granted = { access_token: 'a', refresh_token: 'r', expire_in: 14_400 }
  stage.simulator.fault(stage.tokenPath, {
    body: JSON.stringify({ ...granted, shop_id_list: shops, merchant_id_list: [], error: '' }),
  })

  await browser.connect(stage.key)

  const tokens = await app.ctx.connections.tokensOf(1, stage.key)
  expect(tokens?.carried).toMatchObject({ shop_id: '14701712' })
  expect(tokens?.carried.pairs).toBeUndefined()
  expectNoted(app, stage.key, ['shops'])
})

test.each(PLACES)(
  'odd things %s stores, communities, albums and categories leave what there is to choose',
  async (_where, at) => {
    const { app, browser, evotor, vk, link } = await openShop()
    const answer = (items: unknown[]) => ({
      body: JSON.stringify({ response: { count: items.length, items } }),
    })
    const stores = { items: among({ id: link.storeId, name: 'Цветы у вокзала' }, at), paging: {} }
    const group = { id: Number(link.communityId), name: 'Лавка у моста', market: { enabled: 1 } }
    evotor.fault('/stores', { body: JSON.stringify(stores) })
    vk.fault('/method/execute', { body: '{"error":{"error_code":3,"error_msg":"Unknown method"}}' })
    vk.fault('/method/groups.get', answer(among(group, at)))
    vk.fault('/method/market.getAlbums', answer(among({ id: 5, title: 'Пионы и розы' }, at)))
    vk.fault('/method/market.getCategories', answer(among({ id: 20_173, name: 'Батарейки' }, at)))

    const page = await browser.get(`/sync/settings?link=${link.id}`)

    for (const words of ['Цветы у вокзала', 'Лавка у моста', 'Пионы и розы', 'Батарейки'])
      expect(page.html).toContain(words)
    expectNoted(app, 'evotor', ['stores'])
    expectNoted(app, 'vk', ['communities', 'market.getAlbums', 'categories'])
  },
)

/** A line for each list, which says how many and shows nothing of them. */
function expectNoted(app: TestApp, platform: string, lists: string[]) {
  const lines = app.logged('list_unreadable').filter((line) => line.platform === platform)
  for (const list of lists) {
    const line = lines.find((one) => one.list === list)
    expect(line, list).toMatchObject({ level: 'warn' })
    expect(Number(line?.count), list).toBeGreaterThan(3)
  }
  expect(JSON.stringify(lines)).not.toContain('текст')
}

async function platformCalled(name: string) {
  const found = (await allPlatforms()).find((one) => one.name === name)
  if (!found) throw new Error(`no staging ${name}`)
  return found
}
