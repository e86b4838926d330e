import { type Request, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { enterKeys, removeKeys } from '../../flows/platforms/enter-keys.ts'
import { tryKeys } from '../../flows/platforms/try-keys.ts'
import type { Provider } from '../../providers/provider.ts'
import { named } from '../../texts/names.ts'
import { findingInWords } from './finding-words.ts'
import { inputOf, showKeys } from './keys-page.ts'
import { limitedByUser, TRIALS } from '../kit/limits.ts'
import { signedIn } from '../kit/signed-in.ts'

/** Keys of the platforms of the list, entered by administrators. */
export function adminKeysRouter(ctx: Context): Router {
  const router = Router()

  router.post('/admin/providers/:key/keys', async (req, res) => {
    const { key } = fieldedPlatform(ctx, req)
    const input = inputOf(ctx.providers.fieldsOf(key), req.body)
    const typed = await enterKeys(ctx, key, input, signedIn(res).id)
    if (!typed.ok) {
      await showKeys(ctx, res.status(422), key, { body: req.body, faults: typed.faults })
      return
    }
    req.session.flash = savedFlash(typed.provider)
    res.redirect(303, `/admin/providers/${key}`)
  })
  router.post('/admin/providers/:key/keys/try', limitedByUser(ctx, TRIALS), async (req, res) => {
    const { key } = fieldedPlatform(ctx, req)
    const trial = await tryKeys(ctx, key, inputOf(ctx.providers.fieldsOf(key), req.body))
    const { body } = req as { body: unknown }
    if (trial.ok) await showKeys(ctx, res, key, { body, findings: trial.findings.map(keyFinding) })
    else await showKeys(ctx, res.status(422), key, { body, faults: trial.faults })
  })
  router.get('/admin/providers/:key/keys/remove', async (req, res) => {
    await askRemoval(ctx, res, fieldedPlatform(ctx, req))
  })
  router.post('/admin/providers/:key/keys/remove', async (req, res) => {
    const { key, title } = fieldedPlatform(ctx, req)
    if (await removeKeys(ctx, key, signedIn(res).id))
      req.session.flash = { tone: 'ok', title: `Ключи убраны: ${title}` }
    res.redirect(303, `/admin/providers/${key}`)
  })

  return router
}

/** @throws NotFound for what has nothing to be entered */
function fieldedPlatform({ providers }: Context, { params }: Request): Provider {
  const key = String(params.key)
  if (providers.fieldsOf(key).length === 0) throw new NotFound(key)
  return providers.get(key)
}

function savedFlash(provider: Provider) {
  const { key, configured, problem } = provider
  if (problem) return { tone: 'info', title: 'Ключи сохранены', text: problem } as const
  if (!configured)
    return { tone: 'info', title: 'Сохранено, но ключей не хватает', text: NOT_ALL } as const
  return {
    tone: 'ok',
    title: 'Ключи сохранены',
    text: 'Они уже действуют, перезапускать ничего не нужно.',
    next: { href: `/${key}/connect`, label: named('Подключить {p}', provider) },
  } as const
}

const NOT_ALL = 'Подключать аккаунты можно будет, когда вы введёте и остальные.'

/** The same findings as of addresses that were typed, under what a person looks for here. */
function keyFinding(finding: Parameters<typeof findingInWords>[0]) {
  const { about, code } = finding
  const title = about === 'authorize' ? 'Страница согласия' : 'Ключи'
  const words = findingInWords(finding)
  return { ...words, title, text: WORDS[code] ?? words.text }
}

const WORDS: Readonly<Record<string, string>> = {
  wrong_client:
    'ID или секрет не подходят. Скопируйте их в кабинете сервиса ещё раз, целиком и без пробелов.',
  rejects:
    'Отвечает, но наш запрос не принимает. Чаще всего в приложении не указан адрес возврата или неверен ID.',
}

/** What removing takes along, and the question whether to. */
async function askRemoval(ctx: Context, res: Response, provider: Provider) {
  const { key } = provider
  const kept = ctx.config.platforms[key] ?? {}
  res.render('admin/keys-remove', {
    title: `Убрать ключи: ${provider.title}?`,
    shown: provider,
    connections: await ctx.connections.count(key),
    signInWays: await ctx.identities.count(key),
    byEnvironment: ctx.providers
      .fieldsOf(key)
      .filter(({ name }) => Object.hasOwn(kept, name))
      .map(({ variable }) => variable),
  })
}
