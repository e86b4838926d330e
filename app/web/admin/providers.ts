import { type Request, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { importProvider } from '../../flows/platforms/import-provider.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import {
  addProvider,
  type Managed,
  removeProvider,
  replaceProvider,
} from '../../flows/platforms/manage-provider.ts'
import { tryProvider } from '../../flows/platforms/try-provider.ts'
import type { StoredPlatform } from '../../store/custom-provider-rows.ts'
import { counted } from '../../texts/plural.ts'
import { say } from '../../texts/index.ts'
import { EMPTY, errorsOf, inputOf, typedValues, valuesOf } from './provider-form.ts'
import { findingInWords } from './finding-words.ts'
import { foundBy, rowsOf } from './provider-list.ts'
import { showKeys } from './keys-page.ts'
import { showDelete, showForm } from './provider-pages.ts'
import { fieldsOf, typed } from '../kit/forms.ts'
import { importFault } from './import-words.ts'
import { limitedByUser, TRIALS } from '../kit/limits.ts'
import { pageLinks, pageOf, searchOf, withQuery } from '../kit/page-links.ts'
import { signedIn } from '../kit/signed-in.ts'

const PAGE = 50

/** Platforms as administrators see them, those they define themselves among them. */
export function adminProvidersRouter(ctx: Context): Router {
  const router = Router()
  const trials = limitedByUser(ctx, TRIALS)

  router.get('/admin/providers', async ({ query }, res) => {
    const { format, now } = res.locals
    const q = searchOf(query.q)
    const found = foundBy(q, ctx.providers.all)
    const pages = Math.max(1, Math.ceil(found.length / PAGE))
    const page = Math.min(pageOf(query.page), pages)
    const shown = found.slice((page - 1) * PAGE, page * PAGE)
    res.render('admin/providers', {
      title: 'Администрирование: сервисы',
      q,
      rows: await rowsOf(ctx, shown, format, now),
      pages: pageLinks(page, pages, (to) => withQuery('/admin/providers', { q, page: to })),
    })
  })
  router.get('/admin/providers/new', (_req, res) => {
    showForm(ctx, res, { values: EMPTY })
  })
  router.post('/admin/providers', async (req, res) => {
    if (onlyServerTyped(req.body)) {
      await countOrRefuse(ctx, TRIALS, String(signedIn(res).id))
      await showImported(ctx, req, res)
      return
    }
    const result = await addProvider(ctx, inputOf(req.body), signedIn(res).id)
    answerSaved(ctx, req, res, undefined, result)
  })
  router.post('/admin/providers/import', trials, async (req, res) => {
    await showImported(ctx, req, res)
  })
  router.post('/admin/providers/test', trials, async (req, res) => {
    await showTrial(ctx, req, res)
  })

  router.get('/admin/providers/:key', async (req, res) => {
    const stored = await ctx.customProviders.find(req.params.key)
    if (stored) showForm(ctx, res, { values: valuesOf(stored), stored })
    else await showKeys(ctx, res, req.params.key)
  })
  router.post('/admin/providers/:key', async (req, res) => {
    const stored = await find(ctx, req.params.key)
    const { key } = stored
    const seen = Number(typed(req.body, ['revision']).revision)
    const result = await replaceProvider(ctx, key, inputOf(req.body), signedIn(res).id, seen)
    answerSaved(ctx, req, res, stored, result)
  })
  router.get('/admin/providers/:key/delete', async (req, res) => {
    await showDelete(ctx, res, await find(ctx, req.params.key), {})
  })
  router.post('/admin/providers/:key/delete', async (req, res) => {
    const stored = await find(ctx, req.params.key)
    const { key, title } = stored
    if (typed(req.body, ['confirm']).confirm !== key) {
      const errors = { confirm: say('confirm_key', { label: key }).title }
      await showDelete(ctx, res.status(422), stored, errors)
      return
    }
    const count = await removeProvider(ctx, key, signedIn(res).id)
    const gone = counted(count, 'подключение', 'подключения', 'подключений')
    const text = `Вместе с ним удалено: ${gone}.`
    req.session.flash = {
      tone: 'ok',
      title: `Сервис «${title}» удалён`,
      ...(count > 0 && { text }),
    }
    res.redirect(303, '/admin/providers')
  })

  return router
}

/** @throws NotFound for what is no platform of administrators */
async function find(ctx: Context, key: string): Promise<StoredPlatform> {
  const stored = await ctx.customProviders.find(key)
  if (!stored) throw new NotFound(key)
  return stored
}

function answerSaved(
  ctx: Context,
  req: Request,
  res: Response,
  stored: StoredPlatform | undefined,
  result: Managed,
) {
  if (!result.ok) {
    const shown = { values: typedValues(req.body), stored, ...typed(req.body, ['server']) }
    showForm(ctx, res.status(422), { ...shown, errors: errorsOf(result.faults) })
    return
  }
  const { key, title } = result.platform
  const done = stored ? 'сохранён' : 'добавлен'
  req.session.flash = { tone: 'ok', title: `Сервис «${title}» ${done}` }
  res.redirect(303, `/admin/providers/${key}`)
}

/** Enter beside the server's address presses the button that saves; without an address of OAuth it can only mean to fill. */
function onlyServerTyped(body: unknown): boolean {
  const { server, ...addresses } = typed(body, ['server', 'authorize_url', 'token_url'])
  return server !== '' && Object.values(addresses).every((one) => one === '')
}

/** What the server says of itself, in a form that is not saved yet; whatever else was typed stays. */
async function showImported(ctx: Context, req: Request, res: Response) {
  const { server = '' } = typed(req.body, ['server'])
  const before = 'name' in fieldsOf(req.body) ? typedValues(req.body) : EMPTY
  const imported = await importProvider(ctx, server)
  if (!imported.ok) {
    const errors = { server: importFault(server, imported) }
    showForm(ctx, res.status(422), { values: before, errors, server })
    return
  }
  const values = { ...before, ...valuesOf(imported.values) }
  showForm(ctx, res, { values, server, filled: true })
}

async function showTrial(ctx: Context, req: Request, res: Response) {
  const { key = '' } = typed(req.body, ['key'])
  const stored = await ctx.customProviders.find(key)
  const shown = { values: typedValues(req.body), stored, ...typed(req.body, ['server']) }
  const trial = await tryProvider(ctx, key, inputOf(req.body))
  if (trial.ok) showForm(ctx, res, { ...shown, findings: trial.findings.map(findingInWords) })
  else showForm(ctx, res.status(422), { ...shown, errors: errorsOf(trial.faults) })
}
