import { expect, test } from 'vitest'
import { lookInside } from '../../../app/flows/doctor/look-inside.ts'
import { lookOutside } from '../../../app/flows/doctor/look-outside.ts'
import type { Remark } from '../../../app/flows/doctor/remark.ts'
import { ago, openContext } from '../../store/context.ts'
import { startApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { startMailbox } from '../../support/mailbox.ts'
import { VK } from '../../support/platforms.ts'
import { openScene } from '../../support/stage.ts'

const DAY_MS = 24 * 3600_000

test.each(ENGINES)('an installation that works is said to, on %s', async (engine) => {
  const ctx = await openContext(engine)
  await ctx.instances.show({ id: 'me', role: 'all', host: 'one', version: '1.0.0' })
  await ctx.backups.record('/backups/one.sqlite', 1)

  const remarks = await lookInside(ctx)

  expect(remarks.filter(({ state }) => state === 'bad')).toEqual([])
  for (const about of [
    'versions',
    'addresses',
    'disk',
    'database',
    'keys',
    'backups',
    'jobs',
    'runs',
  ])
    expect(remarks.map((remark) => remark.about)).toContain(about)
  expect(wordsOf(remarks, 'database')).toMatch(/^(SQLite|PostgreSQL) .*ответ за \d+ мс/)
})

test.each(ENGINES)('what is wrong inside has its remedy, on %s', async (engine) => {
  const ctx = await openContext(engine)
  await ctx.backups.record('/backups/one.sqlite', 1)
  await ctx.db('backups').update({ ended_at: ago(9 * DAY_MS) })
  await ctx.customProviders.all()
  await ctx.db('vault_canaries').delete()
  await ctx.db('platform_settings').insert({
    provider: 'vk',
    name: 'VK_CLIENT_ID',
    sealed_value: 'v1.lost.abc.def',
    entered_at: new Date(),
  })

  const wrong = (await lookInside(ctx)).filter(({ state }) => state === 'bad')

  expect(wrong.map(({ about }) => about).toSorted()).toEqual(['backups', 'jobs', 'keys'])
  expect(wrong.every(({ remedy = '' }) => /[а-я]{4}/.test(remedy))).toBe(true)
  expect(wordsOf(wrong, 'keys')).toContain('lost')
})

test.each(ENGINES)(
  'a schema that lags behind is told before anything is read of it, on %s',
  async (engine) => {
    const ctx = await openContext(engine)
    await ctx.db('knex_migrations').where({ name: '057-invitations' }).delete()

    const remarks = await lookInside(ctx)

    expect(wordsOf(remarks, 'database')).toContain('осталось изменений: 1')
    expect(remarks.map(({ about }) => about)).not.toContain('keys')
  },
)

test('the page says first what is wrong, and asks mail, platforms and clocks by a button', async () => {
  const mailbox = await startMailbox()
  const { app, browser, stage } = await openScene(VK, {
    env: { SMTP_URL: mailbox.url, MAIL_FROM: 'EvoSync <evosync@example.ru>' },
  })
  await app.ctx.db('backups').insert({
    tick: new Date(),
    began_at: new Date(),
    ended_at: new Date(),
    trouble: 'Копия не сделана: диск полон.',
  })

  const page = await browser.get('/admin/health')
  expect(page.dom.querySelector('main .panel h2')?.text).toBe('Что не так')
  expect(page.dom.querySelector('main .panel')?.text).toContain('диск полон')

  const asked = await browser.submit(page, '/admin/health/check')
  expect(asked.text).toContain(`${stage.title}: есть связь.`)
  expect(asked.text).toContain('Почтовый сервер отвечает и пускает нас.')
  expect(asked.text).toContain('Часы идут верно.')

  await stage.simulator.stop()
  const alone = await browser.submit(asked, '/admin/health/check')
  expect(alone.text).toContain(`${stage.title}: связи нет`)
  expect(alone.text).toContain('проверьте сеть и DNS')
})

test('a clock that is off is told by how much', async () => {
  const stage = await VK.stage()
  const app = await startApp({ simulators: [stage.simulator], env: stage.env ?? {} })
  const real = Date.now
  const remarks = lookOutside(app.ctx)
  Date.now = () => real() + 10 * 60_000
  try {
    expect(wordsOf(await remarks, 'clock')).toMatch(/спешат на (599|600|601) с/)
  } finally {
    Date.now = real
  }
})

const wordsOf = (remarks: readonly Remark[], about: string) =>
  remarks.find((remark) => remark.about === about)?.words
