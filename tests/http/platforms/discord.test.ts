import { describe, expect, test } from 'vitest'
import { createApi } from '../../../app/providers/api.ts'
import { DISCORD_ME, DISCORD_REVOKE, startDiscord } from '../../simulators/discord.ts'
import { openBeside } from '../../support/stage.ts'
import { renew, tick } from '../../support/tick.ts'

describe('Discord', () => {
  test('meets the agent it asks for on every call', async () => {
    const { app, browser, platform } = await openBeside(startDiscord())

    await browser.connect('discord')
    await browser.submit(await browser.get('/discord'), '/discord/disconnect')

    const agents = platform.asked
      .filter(({ path }) => path.startsWith('/api/'))
      .map(({ headers }) => headers['user-agent'])
    expect(agents).toEqual(Array(3).fill(`DiscordBot (${app.url}, 1.0)`))
  })

  test('is asked to revoke with the client’s proof, and all tokens are gone', async () => {
    const { browser, platform } = await openBeside(startDiscord())
    await browser.connect('discord')

    await browser.submit(await browser.get('/discord'), '/discord/disconnect')

    const asked = platform.asked.find(({ path }) => path === DISCORD_REVOKE)
    expect(asked?.form).toMatchObject({
      client_id: platform.clientId,
      client_secret: platform.clientSecret,
      token_type_hint: 'refresh_token',
    })
    expect([platform.tokens.size, platform.refreshTokens.size]).toEqual([0, 0])
  })

  test.each([
    ['comes', true],
    ['stays away', false],
  ])('a new refresh token that %s is as good', async (_what, rotates) => {
    const { app, browser, platform } = await openBeside(startDiscord())
    await browser.connect('discord')
    const before = await app.ctx.connections.tokensOf(1, 'discord')
    platform.rules.rotates = rotates

    await renew(app)

    const after = await app.ctx.connections.tokensOf(1, 'discord')
    expect(after?.accessToken).not.toBe(before?.accessToken)
    expect(after?.refreshToken !== before?.refreshToken).toBe(rotates)
    expect(platform.refreshTokens.has(after?.refreshToken ?? '')).toBe(true)
  })

  test.each([
    ['80351110224678912', { address: 'marina@example.ru', verified: true }],
    ['80351110224678913', undefined],
  ])('tells the address of %s only when it is proved', async (userId, email) => {
    const account = await identified(userId, ['identify', 'email'])

    expect(account.id).toBe(userId)
    expect(account.email).toEqual(email)
  })

  test('without the right to it tells no address', async () => {
    expect(await identified('80351110224678912', ['identify'])).toEqual({
      id: '80351110224678912',
      name: 'Марина К.',
      profile: {},
    })
  })

  test('a pause told in the body alone is kept', async () => {
    const { app, browser, platform } = await openBeside(startDiscord())
    await browser.connect('discord')
    platform.fault(DISCORD_ME, { status: 429, body: '{"retry_after":300.5,"global":false}' })

    await tick(app)

    const connection = await app.ctx.connections.find(1, 'discord')
    expect(connection).toMatchObject({ isOnline: true, health: 'online' })
    const wait = (connection?.nextCheckAt?.getTime() ?? 0) - Date.now()
    expect(Math.round(wait / 10_000)).toBe(30)
  })

  test('a page of what stands before it is our trouble, not the owner’s', async () => {
    const { app, browser, platform } = await openBeside(startDiscord())
    await browser.connect('discord')
    platform.fault(DISCORD_ME, { status: 403, body: '<h1>error code: 1010</h1>' })

    await tick(app)

    expect((await browser.get('/discord')).text).toContain('Discord не принимает запросы EvoSync')
  })
})

async function identified(userId: string, scope: string[]) {
  const { app, platform } = await openBeside(startDiscord())
  const provider = app.ctx.providers.get('discord')
  const tokens = { accessToken: platform.issue({ userId, scope }), scope, carried: {} }
  return await provider.identify(createApi(app.ctx.httpFor(provider), provider, tokens))
}
