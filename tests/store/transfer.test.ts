import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { gather } from '../../app/flows/transfer/gather.ts'
import { carryOut, planImport } from '../../app/flows/transfer/import-settings.ts'
import { openSecrets, readFile, writeFile } from '../../app/flows/transfer/settings-file.ts'
import { addProvider } from '../../app/flows/platforms/manage-provider.ts'
import { type Engine, ENGINES } from '../support/databases.ts'
import { addPair } from './catalogue/sync-scene.ts'
import { addPerson, connect, openContext } from './context.ts'

const PASSPHRASE = 'розы на лесной 17'
const RAYON = {
  key: 'rayon',
  title: 'Витрина района',
  clientId: 'evosync-01',
  clientSecret: 'rayon-canary',
  authorizeUrl: 'https://93.184.215.14/authorize',
  tokenUrl: 'https://93.184.215.14/token',
  userinfoUrl: 'https://93.184.215.14/me',
}
const HOOK = 'https://93.184.215.14/hook'

describe.each(ENGINES)('Settings carried in a file, on %s', (engine) => {
  test('all of them arrive with a passphrase, and a second time there is nothing to do', async () => {
    const here = await filled(engine)
    const there = await openContext(engine)
    const { id: marina } = await addPerson(there)
    const link = await addPair(there, marina, {}, { everyMinutes: 10, photoId: 7 })

    const text = await writeFile(await gather(here), { evosync: '1.0.0', passphrase: PASSPHRASE })
    for (const secret of ['vk-canary', 'rayon-canary', '51000001']) {
      expect(text).not.toContain(secret)
    }
    const plan = await planImport(there, await opened(text))
    expect(await there.customProviders.all()).toEqual([]) // looked at, not written
    expect(plan.notes).toEqual(['Вебхук oleg@example.ru: такого человека здесь нет'])
    await carryOut(there, plan)

    expect(there.providers.get('vk').configured).toBe(true)
    expect(await there.customProviders.find('rayon')).toMatchObject({ ...RAYON, enabled: true })
    const hook = await there.webhooks.find(marina)
    const [mine] = (await gather(here)).contents.webhooks
    expect(await there.webhooks.findWithSecret(hook?.id ?? 0)).toMatchObject({
      url: HOOK,
      secret: (await gather(here)).secrets.webhooks[mine?.email ?? ''],
    })
    const settings = (await there.syncLinks.get(link.id))?.settings
    expect(settings).toMatchObject({ everyMinutes: 360, gone: 'keep', photoId: 7 })
    expect((await there.events.page({}, 1))[0]?.event).toBe('settings_imported')

    expect(await planImport(there, await opened(text))).toMatchObject({ changes: [], steps: [] })
  })

  test('without secrets keys stay as they are, and a platform that lacks its own waits for it', async () => {
    const text = await writeFile(await gather(await filled(engine)), { evosync: '1.0.0' })
    const there = await openContext(engine)
    await there.platformSettings.change('vk', { CLIENT_SECRET: 'own' })

    const plan = await planImport(there, await opened(text))
    await carryOut(there, plan)

    expect(plan.notes[0]).toBe(
      'ВКонтакте: ключей в файле нет (CLIENT_ID, CLIENT_SECRET), остаются те, что здесь',
    )
    expect(plan.changes.join()).toContain('выключен: секрета в файле нет')
    const entered = await there.platformSettings.of('vk')
    expect(entered.map(({ name, value }) => [name, value])).toEqual([
      ['CLIENT_SECRET', 'own'],
      ['SCOPES', 'market'],
    ])
    expect(await there.customProviders.find('rayon')).toMatchObject({
      enabled: false,
      hasSecret: false,
    })
    expect((await planImport(there, await opened(text))).changes).toEqual([])
  })

  test('what has been changed meanwhile takes back the whole of it', async () => {
    const here = await filled(engine)
    const text = await writeFile(await gather(here), { evosync: '1.0.0', passphrase: PASSPHRASE })
    const there = await openContext(engine)
    const plan = await planImport(there, await opened(text))
    await addProvider(there, { ...RAYON, title: 'Другая' }, (await addPerson(there)).id)

    await expect(carryOut(there, plan)).rejects.toThrow('это изменили, пока вы читали')

    expect(await there.platformSettings.all()).toEqual([])
    expect(await there.customProviders.find('rayon')).toMatchObject({ title: 'Другая' })
  })

  test('a file does not lead the tokens of people, or a secret, to another server', async () => {
    const here = await filled(engine)
    const text = await writeFile(await gather(here), { evosync: '1.0.0' })
    const there = await openContext(engine)
    const { id } = await addPerson(there)
    const elsewhere = {
      tokenUrl: 'https://93.184.215.15/token',
      userinfoUrl: 'https://93.184.215.15/me',
    }
    await addProvider(there, { ...RAYON, ...elsewhere }, id)
    await connect(there, id, { provider: 'rayon' })

    const planned = planImport(there, await opened(text))

    await expect(planned).rejects.toThrow('Прежний секрет туда не отправим')
    await expect(planned).rejects.toThrow('люди уже подключены')
    await expect(planned).rejects.toThrow('Ничего не записано')
  })
})

test('a file is refused in words: damaged, newer, foreign, another passphrase, too short a one', async () => {
  const ctx = await openContext('sqlite')
  await ctx.platformSettings.change('vk', { CLIENT_SECRET: 'vk-canary', SCOPES: 'market' })
  const all = await gather(ctx)
  const text = await writeFile(all, { evosync: '1.0.0', passphrase: PASSPHRASE })

  expect(() => readFile(text.slice(0, -20))).toThrow('Файл повреждён')
  expect(() => readFile(text.replace('"market"', '"groups"'))).toThrow('Файл повреждён')
  expect(() => readFile(text.replace('"version": 1', '"version": 2'))).toThrow(
    'более новой версией',
  )
  expect(() => readFile('{"name":"evosync"}')).toThrow('не файл настроек EvoSync')
  expect(() => readFile(text.replace('"n": 131072', '"n": 1073741824'))).toThrow('Файл повреждён')
  await expect(openSecrets(readFile(text), 'не та фраза вовсе')).rejects.toThrow('не открылись')
  await expect(writeFile(all, { evosync: '1.0.0', passphrase: 'роза' })).rejects.toThrow(
    'короче 12',
  )
})

test('what cannot be meant is refused, all of it at once, and nothing is written', async () => {
  const ctx = await openContext('sqlite')
  const { contents, secrets } = await gather(await filled('sqlite'))
  const { id } = await addPerson(ctx, 'oleg')
  const wrong = {
    ...contents,
    platforms: { nowhere: { values: {}, keys: [] }, vk: { values: { ODD: 'x' }, keys: [] } },
    customProviders: [{ ...contents.customProviders[0], key: 'admin' }],
    webhooks: [{ email: 'oleg@example.ru', url: 'http://10.0.0.5/', enabled: true }],
  }

  const planned = planImport(ctx, { contents: wrong, secrets })

  for (const words of ['nowhere: такого', 'ВКонтакте, ODD', 'admin: такой адрес', 'Вебхук oleg']) {
    await expect(planned).rejects.toThrow(words)
  }
  expect(await ctx.webhooks.find(id)).toBeUndefined()
})

async function opened(text: string) {
  const file = readFile(text)
  return { contents: file.contents, secrets: await openSecrets(file, PASSPHRASE) }
}

async function filled(engine: Engine): Promise<Context> {
  const ctx = await openContext(engine)
  const { id } = await addPerson(ctx)
  const { id: oleg } = await addPerson(ctx, 'oleg')
  const keys = { CLIENT_ID: '51000001', CLIENT_SECRET: 'vk-canary', SCOPES: 'market' }
  await ctx.platformSettings.change('vk', keys)
  expect(await addProvider(ctx, RAYON, id)).toMatchObject({ ok: true })
  await ctx.webhooks.save(id, HOOK)
  await ctx.webhooks.save(oleg, HOOK)
  await addPair(ctx, id, {}, { everyMinutes: 360, gone: 'keep' })
  return ctx
}
