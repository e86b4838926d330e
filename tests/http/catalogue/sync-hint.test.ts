import { expect, test } from 'vitest'
import { carryAll, openShop, runOnce } from '../../support/catalogue/shop.ts'

const TOKEN = 'evotor-hooks-canary-77ab01'

test('a price changed at the till is in the community without waiting for the timetable', async () => {
  const scene = await openShop({ everyMinutes: 60, env: { EVOTOR_WEBHOOK_TOKEN: TOKEN } })
  const { app, evotor, link, community } = scene
  evotor.hooks = { url: `${app.url}/webhooks/evotor`, token: TOKEN }
  await runOnce(scene)
  const rose = [...evotor.catalogueOf(link.storeId).products.values()].find(({ name }) =>
    name.startsWith('Роза'),
  )

  const change = { store: link.storeId, do: 'save', id: rose?.id ?? '', price: '1234,50' }
  await fetch(`${evotor.url}/till`, {
    method: 'POST',
    body: new URLSearchParams({ ...change, quantity: '5' }),
  })
  await expect.poll(() => hintsOf()).toHaveLength(1)
  await app.ctx.db('sync_links').update({ hinted_at: new Date(Date.now() - 6_000) })
  await carryAll(app)

  const prices = [...community.items.values()].map(({ price }) => price)
  expect(prices).toContain(123_450)
  expect(await app.ctx.syncRuns.last(link.id)).toMatchObject({ origin: 'hint', updated: 1 })

  async function hintsOf() {
    return await app.ctx.db('sync_links').whereNotNull('hinted_at').pluck<number[]>('id')
  }
})
