import { describe, expect, test } from 'vitest'
import { DISCORD_TOKEN, startDiscord } from '../../simulators/discord.ts'
import { GITHUB_TOKEN, startGitHub } from '../../simulators/github.ts'
import { openBeside } from '../../support/stage.ts'

const CASES = [
  { key: 'discord', start: startDiscord, path: DISCORD_TOKEN, issuer: 'https://discord.com' },
  {
    key: 'github',
    start: () => startGitHub(),
    path: GITHUB_TOKEN,
    issuer: 'https://github.com/login/oauth',
  },
]

describe.each(CASES)('RFC 9207 at $key', ({ key, start, path, issuer }) => {
  test.each([
    ['names the platform', issuer],
    ['is left out', undefined],
  ])('a callback whose iss %s is taken', async (_what, iss) => {
    const { browser, platform } = await openBeside(start())
    set(platform.rules, iss)

    expect((await browser.connect(key)).location).toBe('/connections')
  })

  test.each(['https://evil.example', `${issuer}/`, issuer.toUpperCase(), ''])(
    'a code with iss «%s» goes nowhere',
    async (iss) => {
      const { app, browser, platform } = await openBeside(start())
      set(platform.rules, undefined)
      const callback = new URL(await browser.consent(`/${key}/connect`))
      callback.searchParams.set('iss', iss)

      const back = await browser.get(callback.href)

      expect(back.location).toBe(`/${key}?error=invalid_state`)
      expect(platform.count(path)).toBe(0)
      expect(await app.ctx.db('connections').first()).toBeUndefined()
    },
  )

  test('a second iss beside the right one is one too many', async () => {
    const { browser, platform } = await openBeside(start())
    set(platform.rules, issuer)
    const callback = await browser.consent(`/${key}/connect`)

    const back = await browser.get(`${callback}&iss=https://evil.example`)

    expect(back.location).toBe(`/${key}?error=invalid_state`)
    expect(platform.count(path)).toBe(0)
  })
})

function set(rules: { issuer?: string }, issuer: string | undefined) {
  if (issuer === undefined) delete rules.issuer
  else rules.issuer = issuer
}
