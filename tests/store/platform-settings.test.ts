import { describe, expect, test } from 'vitest'
import { ENGINES } from '../support/databases.ts'
import { openContext } from './context.ts'

const SECRET = 'entered-canary-17'

describe.each(ENGINES)('What administrators enter of variables, on %s', (engine) => {
  test('comes back by platform and name, sealed, and bound to both', async () => {
    const { platformSettings, db } = await openContext(engine)
    await platformSettings.change('vk', { CLIENT_ID: '51', CLIENT_SECRET: SECRET })
    await platformSettings.change('ok', { CLIENT_SECRET: 'other' })

    const rows = await db('platform_settings').orderBy('id')
    expect(JSON.stringify(rows)).not.toContain(SECRET)
    expect(await platformSettings.of('vk')).toMatchObject([
      { provider: 'vk', name: 'CLIENT_ID', value: '51', enteredAt: expect.any(Date) as Date },
      { provider: 'vk', name: 'CLIENT_SECRET', value: SECRET },
    ])

    const sealed_value = rows[1]?.sealed_value ?? ''
    await db('platform_settings').where({ provider: 'ok' }).update({ sealed_value })
    expect(await platformSettings.of('ok')).toMatchObject([{ value: undefined }])
  })

  test('is replaced, taken away one by one, and removed for its platform alone', async () => {
    const { platformSettings } = await openContext(engine)
    await platformSettings.change('vk', { CLIENT_ID: '51', SCOPES: 'market' })
    await platformSettings.change('ok', { CLIENT_ID: '9' })

    await platformSettings.change('vk', { CLIENT_ID: '52', SCOPES: undefined })
    expect(await platformSettings.of('vk')).toMatchObject([{ name: 'CLIENT_ID', value: '52' }])

    expect(await platformSettings.removeAll('vk')).toBe(1)
    expect(await platformSettings.removeAll('vk')).toBe(0)
    expect(await platformSettings.all()).toMatchObject([{ provider: 'ok', value: '9' }])
  })
})
