import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import { openContext } from '../store/context.ts'
import { ENGINES } from '../support/databases.ts'
import { databaseVariables, run, tempFolder } from '../support/process.ts'

test.each(ENGINES)('npm run export and npm run import carry keys sealed, on %s', async (engine) => {
  const [from, to] = [await openContext(engine), await openContext(engine)]
  await from.platformSettings.change('vk', { CLIENT_ID: '51000001', CLIENT_SECRET: 'vk-canary' })
  const folder = tempFolder()
  const command = async (script: string, ctx: typeof from, args: string[], passphrase = '') => {
    const TOKEN_KEYS = ctx.config.tokenKeys
      .map(({ id, bytes }) => `${id}:${bytes.toString('base64')}`)
      .join()
    const secrets = { ...freshSecrets(), TOKEN_KEYS, SETTINGS_PASSPHRASE: passphrase }
    const env = { ...secrets, ...databaseVariables(ctx.config) }
    const child = run(`scripts/${script}.ts`, folder, env, args)
    return { code: await child.ended, said: child.output() }
  }

  const made = await command('export', from, ['--secrets', 'all.json'], 'розы на лесной 17')
  expect(made).toMatchObject({ code: 0 })
  const file = path.join(folder, 'all.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).not.toContain('vk-canary')
  const again = await command('export', from, ['all.json'])
  expect(again).toMatchObject({ code: 1, said: expect.stringContaining('уже есть') as string })

  const unasked = await command('import', to, ['all.json'], 'розы на лесной 17')
  expect(unasked).toMatchObject({ code: 1 })
  expect(unasked.said).toContain('ВКонтакте: CLIENT_ID, CLIENT_SECRET')
  expect(unasked.said).toContain('Не подтверждено, ничего не изменено')
  expect(await to.platformSettings.all()).toEqual([])
  expect((await command('import', to, ['all.json', '--yes'])).said).toContain('SETTINGS_PASSPHRASE')

  const taken = await command('import', to, ['all.json', '--yes'], 'розы на лесной 17')
  expect(taken).toMatchObject({ code: 0 })
  expect((await to.platformSettings.of('vk'))[1]?.value).toBe('vk-canary')
})
