import { describe, expect, onTestFinished, test } from 'vitest'
import { undoRun } from '../../../app/flows/catalogue/runs/start-run.ts'
import type { Db } from '../../../app/store/db.ts'
import { undoLast } from '../../../app/store/undo.ts'
import { migrate } from '../../../app/store/migrate.ts'
import { MIGRATION_NAMES } from '../../../db/migrations/index.ts'
import { ENGINES } from '../../support/databases.ts'
import { carryAll, openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'
import { FLOWERS } from '../../simulators/vk/categories.ts'

describe.each(ENGINES)('A catalogue of when ids were numbers, on %s', (engine) => {
  test('has nothing sent of it when they become text, and what was done can be undone', async () => {
    const scene = await openStall(engine)
    const { app, vk, till, roses, link } = scene
    till.put({ ...rose(roses.id), price: 150 })
    const changed = await runOnce(scene)
    expect(changed).toMatchObject({ updated: 1 })
    await asBefore(app.ctx.db)
    await upgrade(app.ctx.db)
    vk.writes.length = 0

    expect(await runOnce(scene)).toMatchObject({ state: 'done', total: 0, failed: 0 })
    expect(vk.writes).toEqual([])
    const now = await app.ctx.syncLinks.get(link.id)
    expect(now?.settings).toEqual(scene.settings)

    await undoRun(app.ctx, link, changed, 'Марина')
    await carryAll(app)
    expect(scene.card('Роза алая').price).toBe(10_000)
  })

  test('goes on with the run that was under way', async () => {
    const scene = await openStall(engine)
    const { app, vk, till, roses, peonies, album } = scene
    till.put({ ...rose(roses.id), parent_id: peonies.id, price: 150 })
    till.put({ name: 'Роза белая', parent_id: roses.id, price: 100, quantity: 1 })
    vk.refuse('market.edit', { code: 14 }, { times: 100 })
    const run = await runOnce(scene)
    expect(run).toMatchObject({ state: 'paused' })
    vk.calm()
    await asBefore(app.ctx.db)
    await upgrade(app.ctx.db)

    await app.ctx.syncRuns.resume(run.id)
    await carryAll(app)

    const over = await app.ctx.syncRuns.find(run.id)
    expect(over).toMatchObject({ state: 'done', created: 1, updated: 1, failed: 0 })
    const red = scene.card('Роза алая')
    expect(red.price).toBe(15_000)
    expect([album('Розы').items.has(red.id), album('Пионы').items.has(red.id)]).toEqual([
      false,
      true,
    ])
    expect(await runOnce(scene)).toMatchObject({ total: 0 })
  })
})

test('Everything is as it was before when the step is taken back', async () => {
  const scene = await openStall('sqlite')
  const { app, link } = scene

  const kept = () => app.ctx.db('sync_items').where({ link_id: link.id }).orderBy('id')
  const before = await kept()
  await asBefore(app.ctx.db)

  const numbers = before.map(({ item_id, album_id }) => [Number(item_id), Number(album_id)])
  expect((await kept()).map(({ item_id, album_id }) => [item_id, album_id])).toEqual(numbers)
  const [row] = await app.ctx.db('sync_links').where({ id: link.id })
  expect(JSON.parse(row?.settings ?? '')).toMatchObject({ categoryId: FLOWERS })
  await upgrade(app.ctx.db)
  expect(await kept()).toEqual(before)
})

/** Jobs of today go on while the schema is an earlier one: they miss a table or a column of theirs. */
const isOfBefore = (line: string) => /no such (table|column)|42P01|42703/.test(line)

const rose = (groupId: string) => ({
  ...{ id: '00000000-0000-4000-8000-000000000001', name: 'Роза алая', parent_id: groupId },
  ...{ price: 100, quantity: 1 },
})

/** Two groups, one with an album the owner chose and a category of its own, carried once. */
async function openStall(engine: (typeof ENGINES)[number]) {
  const scene: ShopScene = await openShop({ engine })
  const { app, evotor, link, community } = scene
  app.expectErrors()
  onTestFinished(() => {
    const errors = app.lines.filter(({ level }) => level === 'error')
    expect(errors.filter((line) => !isOfBefore(JSON.stringify(line)))).toEqual([])
  })
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  const roses = till.putGroup({ name: 'Розы' })
  const peonies = till.putGroup({ name: 'Пионы' })
  till.put(rose(roses.id))
  till.put({ name: 'Пион белый', parent_id: peonies.id, price: 100, quantity: 1 })
  await runOnce(scene)
  const album = (title: string) => found([...community.albums.values()], title)
  const settings = {
    ...link.settings,
    groups: { [peonies.id]: { album: String(album('Пионы').id) }, [roses.id]: 'create' as const },
    categories: { [peonies.id]: String(FLOWERS) },
  }
  await app.ctx.syncLinks.change(link.id, link, settings)
  const card = (title: string) => found([...community.items.values()], title)
  return { ...scene, till, roses, peonies, album, card, settings }
}

function found<T extends { title: string }>(all: readonly T[], title: string): T {
  const one = all.find((thing) => thing.title === title)
  if (!one) throw new Error(`no ${title}`)
  return one
}

/** As the version before has left it: columns and JSON alike. */
async function asBefore(db: Db) {
  for (const name of MIGRATION_NAMES.toReversed()) {
    await undoLast(db)
    if (name === '041-text-ids') break
  }
  for (const { id, body } of await db('sync_steps').select('id', 'body'))
    await db('sync_steps')
      .where({ id })
      .update({ body: JSON.stringify(JSON.parse(body, numbered)) })
}

const numbered = (key: string, value: unknown): unknown =>
  ['itemId', 'leaveAlbum', 'categoryId', 'id'].includes(key) && typeof value === 'string'
    ? Number(value)
    : value

/** The database alone does it: rows are not brought here. */
async function upgrade(db: Db) {
  const asked: string[] = []
  db.on('query', ({ sql }: { sql: string }) => asked.push(sql))
  await migrate(db)
  db.removeAllListeners('query')
  expect(asked.filter((sql) => /^select.*sync_(items|steps|groups)/.test(sql))).toEqual([])
}
