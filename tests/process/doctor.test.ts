import path from 'node:path'
import { expect, test } from 'vitest'
import type { Remark } from '../../app/flows/doctor/remark.ts'
import { freshSecrets } from '../../app/config/secrets.ts'
import { openContext } from '../store/context.ts'
import { ENGINES } from '../support/databases.ts'
import { startMailbox } from '../support/mailbox.ts'
import { databaseVariables, run, tempFolder } from '../support/process.ts'

test.each(ENGINES)(
  'npm run doctor says in words and in JSON what is wrong, on %s',
  async (engine) => {
    const ctx = await openContext(engine)
    const mailbox = await startMailbox()
    const env = {
      ...freshSecrets(),
      TOKEN_KEYS: keysOf(ctx.config.tokenKeys),
      BASE_URL: 'http://localhost:3000',
      SMTP_URL: mailbox.url,
      MAIL_FROM: 'EvoSync <evosync@example.ru>',
      ...databaseVariables(ctx.config),
    }

    const told = run('scripts/doctor.ts', tempFolder(), env, ['--mail', 'marina@example.ru'])
    expect(await told.ended).toBe(1)
    expect(told.output()).toContain('[ОШИБКА] Фоновую работу сейчас не выполняет никто.')
    expect(told.output()).toContain('Что сделать: Запустите EvoSync')
    expect(told.output()).toContain('Проверочное письмо ушло на marina@example.ru.')
    expect((await mailbox.letter()).to).toBe('marina@example.ru')

    await ctx.instances.show({ id: 'me', role: 'all', host: 'one', version: '1.0.0' })
    const well = run('scripts/doctor.ts', tempFolder(), env, ['--json'])
    expect(await well.ended).toBe(0)
    const remarks = JSON.parse(well.output()) as Remark[]
    expect(remarks.find(({ about }) => about === 'keys')?.state).toBe('good')
    expect(well.output()).not.toContain(env.SESSION_SECRET)
  },
)

test('settings that cannot be read, and a database that is not there, are told', async () => {
  const folder = tempFolder()
  const wrong = run('scripts/doctor.ts', folder, { PORT: 'eighty' })
  expect(await wrong.ended).toBe(1)
  expect(wrong.output()).toContain('PORT')

  const file = path.join(folder, 'nowhere.sqlite')
  const missing = run('scripts/doctor.ts', folder, { ...freshSecrets(), DATABASE_FILE: file })
  expect(await missing.ended).toBe(1)
  expect(missing.output()).toContain('Файла базы нет')
  expect(await run('scripts/doctor.ts', folder, {}, ['--mail']).ended).toBe(1)
})

const keysOf = (keys: readonly { id: string; bytes: Buffer }[]) =>
  keys.map(({ id, bytes }) => `${id}:${bytes.toString('base64')}`).join()
