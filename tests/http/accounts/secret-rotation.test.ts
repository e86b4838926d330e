import { expect, onTestFinished, test } from 'vitest'
import { createContext } from '../../../app/context.ts'
import { freshSecrets } from '../../../app/config/secrets.ts'
import { serve } from '../../../app/serve.ts'
import { CHEAP, startApp, type TestApp, testConfig } from '../../support/app.ts'
import { Browser } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'

test.each(ENGINES)(
  'sessions outlive a change of SESSION_SECRET by its list, on %s',
  async (engine) => {
    const app = await startApp({ engine })
    const before = app.newBrowser()
    await before.register()
    const old = app.ctx.config.sessionSecrets
    const fresh = freshSecrets().SESSION_SECRET

    const changing = await instance(app, [fresh, ...old])
    const same = known(changing, before)
    expect((await same.get('/account')).status).toBe(200)
    const signedOut = await same.submit(await same.get('/account'), '/logout')
    expect(signedOut.location).toBe('/login')
    expect((await same.signIn()).location).toBe('/connections')

    const changed = await instance(app, [fresh])
    expect((await known(changed, same).get('/account')).status).toBe(200)
    const other = app.newBrowser()
    await other.signIn()
    expect((await other.get('/account')).status).toBe(200)
    expect((await known(changed, other).get('/account')).location).toContain('/login')
  },
)

/** The same installation, started with other secrets; gives its address. */
async function instance(beside: TestApp, sessionSecrets: readonly string[]): Promise<string> {
  const config = { ...(await testConfig({ beside })), sessionSecrets: [...sessionSecrets] }
  const running = await serve(
    createContext({ ...config, logLevel: 'error' }, { passwordCost: CHEAP }),
  )
  onTestFinished(() => running.stop())
  return config.baseUrl
}

/** A browser with the cookies of another. */
function known(base: string, { cookies }: Browser): Browser {
  const browser = new Browser(base)
  for (const [name, value] of cookies) browser.cookies.set(name, value)
  return browser
}
