import type { Context } from '../../context.ts'
import { isKey } from '../../providers/setting-fields.ts'
import { toChanges } from './custom-fields.ts'
import type { Contents, Secrets } from './settings-file.ts'

/** What is set up here, and apart from it what of that is secret. What does not open is left out. */
export async function gather(ctx: Context): Promise<{ contents: Contents; secrets: Secrets }> {
  const [entered, custom, hooks, pairs] = [
    await enteredOf(ctx),
    await ctx.customProviders.all(),
    await webhooksOf(ctx),
    await pairsOf(ctx),
  ]
  return {
    contents: {
      platforms: entered.contents,
      customProviders: custom.map((one) => ({ key: one.key, ...toChanges(one) })),
      webhooks: hooks.map(({ email, url, enabled }) => ({ email, url, enabled })),
      pairs,
    },
    secrets: {
      platforms: entered.secrets,
      customProviders: known(custom.map(({ key, clientSecret }) => [key, clientSecret])),
      webhooks: known(hooks.map(({ email, secret }) => [email, secret])),
    },
  }
}

async function enteredOf({ platformSettings, providers }: Context) {
  const contents: Contents['platforms'] = {}
  const secrets: Secrets['platforms'] = {}
  for (const { provider, name, value } of await platformSettings.all()) {
    const field = providers.fieldsOf(provider).find((one) => one.name === name)
    if (!field || value === undefined) continue
    const place = (contents[provider] ??= { values: {}, keys: [] })
    if (!isKey(field)) place.values[name] = value
    else {
      place.keys.push(name)
      ;(secrets[provider] ??= {})[name] = value
    }
  }
  return { contents, secrets }
}

async function webhooksOf(ctx: Context) {
  const all = []
  for await (const some of ctx.webhooks.everybody()) all.push(...(await withEmails(ctx, some)))
  return all
}

async function pairsOf(ctx: Context): Promise<Contents['pairs']> {
  const all: Contents['pairs'] = []
  for await (const some of ctx.syncLinks.everybody()) {
    for (const { email, settings, ...link } of await withEmails(ctx, some)) {
      const portable = { ...settings, photoId: undefined, photos: {} } // of a table that stays here
      const { source, storeId, storeName } = link
      const { target = '', communityId = '', communityName = '' } = link
      const place = { source, target, storeId, storeName, communityId, communityName }
      all.push({ email, ...place, settings: portable })
    }
  }
  return all
}

async function withEmails<One extends { userId: number }>(ctx: Context, some: readonly One[]) {
  const users = await ctx.users.named(some.map(({ userId }) => userId))
  return some.flatMap((one) => {
    const email = users.get(one.userId)?.email
    return email === undefined ? [] : [{ ...one, email }]
  })
}

const known = (pairs: readonly (readonly [string, string | undefined])[]) =>
  Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined))
