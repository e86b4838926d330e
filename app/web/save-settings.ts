import type { Request, Response } from 'express'
import type { Context } from '../context.ts'
import { type Ends, type LinkRefusal, saveLink } from '../flows/save-link.ts'
import { startRun } from '../flows/start-run.ts'
import type { Link } from '../store/sync-links.ts'
import type { Settings } from '../sync/settings.ts'
import { goneSignal } from './client-gone.ts'
import type { FieldErrors } from './forms.ts'
import { isShut } from './gate.ts'
import { postedLink } from './ready-ends.ts'
import { sentPhotos } from './sent-photos.ts'
import { signedIn } from './session.ts'
import { type Fields, sentFields } from './sync-fields.ts'
import { readSettingsForm } from './sync-settings-form.ts'
import { firstSettings, showSettings } from './sync-settings-page.ts'
import { titlesOf } from './sync-trouble.ts'
import { inWords, wordsOf } from './sync-words.ts'

/** `POST /sync/settings`: keeps the pair, or shows what to put right. */
export async function saveSettings(
  ctx: Context,
  req: Request,
  res: Response,
  ends: Ends,
): Promise<void> {
  const link = await postedLink(ctx, req, res)
  const fields = sentFields(req.body)
  const places = {
    storeId: (fields.store_id ?? link?.storeId ?? '').trim(),
    communityId: (fields.group_id ?? link?.communityId ?? '').trim(),
  }
  if (asksForLists(fields, places)) {
    if (!fields.show) req.session.flash = OTHER_LISTS
    res.redirect(303, listsOf(link, places))
    return
  }
  const who = { userId: signedIn(res).id, signal: goneSignal(res) }
  const photos = await sentPhotos(ctx, req, fields, who)
  const { settings, errors } = readSettingsForm(fields, basisOf(link, places), photos)
  const faults = { ...placeErrors(ends, link, places), ...errors, ...photos.errors }
  const saved =
    Object.keys(faults).length > 0
      ? { faults }
      : await saveLink(ctx, signedIn(res).id, ends, link, { ...places, settings })
  if ('id' in saved) {
    if (places.communityId === '') await fillFile(ctx, saved.id, signedIn(res).name)
    res.redirect(303, `${places.communityId ? '/sync/preview' : '/sync'}?link=${saved.id}`)
    return
  }
  const wrong = 'refusal' in saved ? refusalWords(saved.refusal, ends) : saved.faults
  const filled = { link, ...places, settings, fields, errors: wrong }
  await showSettings(ctx, res.status(422), ends, filled)
}

/** A file has nothing to show beforehand: its goods are read at once. */
async function fillFile(ctx: Context, id: number, by: string): Promise<void> {
  const link = await ctx.syncLinks.get(id)
  if (link) await startRun(ctx, link, { confirmed: false, by })
}

interface Places {
  storeId: string
  communityId: string
}

const OTHER_LISTS = {
  tone: 'info',
  title: 'Магазин или сообщество другие',
  text: 'Сверьте группы и подборки ниже и сохраните. Пока ничего не изменилось.',
} as const

/** The button that says so, or another pair than the one the lists of the form were read for. */
const asksForLists = ({ show, seen_store, seen_group }: Fields, places: Places): boolean =>
  Boolean(show) ||
  (seen_store ?? places.storeId) !== places.storeId ||
  (seen_group ?? places.communityId) !== places.communityId

function listsOf(link: Link | undefined, { storeId, communityId }: Places): string {
  const query = { link: String(link?.id ?? 'new'), store_id: storeId, group_id: communityId }
  return `/sync/settings?${new URLSearchParams(query).toString()}`
}

/** What belongs to a group is of no use at another store, an album's number in another community. */
function basisOf(link: Link | undefined, { storeId, communityId }: Places): Settings {
  if (!link) return firstSettings()
  const { settings } = link
  if (link.storeId !== storeId)
    return { ...settings, groups: {}, categories: {}, prices: {}, photos: {} }
  if (link.communityId === communityId) return settings
  const named = Object.entries(settings.groups).filter(([, choice]) => typeof choice !== 'number')
  return { ...settings, groups: Object.fromEntries(named) }
}

function placeErrors(ends: Ends, link: Link | undefined, places: Places): FieldErrors {
  const fileOnly = isShut(ends.target) || link?.communityId === ''
  return {
    ...(places.storeId === '' && { store_id: 'Выберите магазин' }),
    ...(places.communityId === '' && !fileOnly && { group_id: 'Выберите сообщество' }),
  }
}

function refusalWords({ end, code, values }: LinkRefusal, ends: Ends): FieldErrors {
  const name = end === 'source' ? 'store_id' : 'group_id'
  const own = OWN_WORDS[code]
  if (own) return { [name]: own }
  const words = wordsOf(code, { ...titlesOf(ends[end].provider), ...inWords(values) })
  return { [name]: [`${words.title}.`, words.why, words.what].filter(Boolean).join(' ') }
}

const OWN_WORDS: Partial<Record<string, string>> = {
  pair_taken: 'Такая пара уже есть: выберите другой магазин или сообщество',
  already_running:
    'Сейчас идёт синхронизация этой пары. Дождитесь окончания или остановите её, потом меняйте магазин и сообщество',
}
