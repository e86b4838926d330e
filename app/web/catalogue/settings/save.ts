import type { Request, Response } from 'express'
import type { Context } from '../../../context.ts'
import { saveLink } from '../../../flows/catalogue/save-link.ts'
import type { Ends } from '../../../flows/catalogue/find-route.ts'
import { startRun } from '../../../flows/catalogue/runs/start-run.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Settings } from '../../../catalogue/settings.ts'
import { goneSignal } from '../../kit/client-gone.ts'
import { readSettingsSent } from './read.ts'
import { type ReadPhotos, sentPhotos } from './photos.ts'
import { signedIn } from '../../kit/signed-in.ts'
import { fittingFields, keepDraft, type FormPlaces, typedFields, wishedIn } from './draft.ts'
import { type FormFields, fieldsFrom, sentFields } from './fields.ts'
import { firstSettings, showSettings } from './page.ts'
import { asksForLists, asksForSome, listsOf, partOf } from './lists-asked.ts'
import { placeErrors, refusalWords } from './save-faults.ts'

/** `POST /sync/settings`: keeps the pair, or shows what to put right, or other lists; what was typed is there each time. */
export async function saveSettings(
  ctx: Context,
  req: Request,
  res: Response,
  ends: Ends,
  link: Link | undefined,
): Promise<void> {
  const fields = sentFields(req.body)
  const places = {
    storeId: (fields.store_id ?? link?.storeId ?? '').trim(),
    target: ends.target.provider.key,
    communityId: (fields.group_id ?? link?.communityId ?? '').trim(),
  }
  const who = { userId: signedIn(res).id, signal: goneSignal(res), target: ends.target.provider }
  const photos = await sentPhotos(ctx, req, fields, who)
  const sent: Sent = { link, fields, places, photos }
  if (asksForLists(fields, places)) {
    redraw(req, sent)
    if (!asksForSome(fields)) req.session.flash = OTHER_LISTS
    res.redirect(303, listsOf(link, places, fields))
    return
  }
  await keep(ctx, res, ends, sent)
}

/** A form as it came. */
interface Sent {
  link: Link | undefined
  fields: FormFields
  places: FormPlaces
  photos: ReadPhotos
}

async function keep(ctx: Context, res: Response, ends: Ends, sent: Sent) {
  const { link, fields, places, photos } = sent
  const read = await readSettingsSent(ctx, ends, sent, basisOf(link, places))
  const { settings } = read
  const faults = { ...placeErrors(ends, link, places), ...read.errors, ...photos.errors }
  const saved =
    Object.keys(faults).length > 0
      ? { faults }
      : await saveLink(ctx, signedIn(res).id, ends, link, { ...wishedIn(places), settings })
  if ('id' in saved) {
    if (places.communityId === '') await fillFile(ctx, saved.id, signedIn(res).name)
    const now = await ctx.syncLinks.get(saved.id)
    if (now && (await ctx.syncHolds.isShared(now))) res.req.session.flash = SHARED
    res.redirect(303, `${places.communityId ? '/sync/preview' : '/sync'}?link=${saved.id}`)
    return
  }
  const wrong = 'refusal' in saved ? refusalWords(saved.refusal, ends) : saved.faults
  const typed = { ...typedFields(fields, fieldsFrom(basisOf(link, places))), ...photos.fields }
  const filled = { link, ...places, settings, fields: typed, errors: wrong, ...partOf(fields) }
  await showSettings(ctx, res.status(422), ends, filled)
}

/** Keeps what was typed, as far as it fits the pair the page is drawn for. */
function redraw(req: Request, { link, fields, places, photos }: Sent) {
  const seen = {
    ...places,
    storeId: fields.seen_store ?? places.storeId,
    communityId: fields.seen_group ?? places.communityId,
  }
  const basis = fieldsFrom(basisOf(link, places))
  const typed = { ...typedFields(fields, basis), ...photos.fields }
  keepDraft(req, link, places, fittingFields(typed, seen, places))
}

/** A file has nothing to show beforehand: its goods are read at once. */
async function fillFile(ctx: Context, id: number, by: string): Promise<void> {
  const link = await ctx.syncLinks.get(id)
  if (link) await startRun(ctx, link, { confirmed: false, by })
}

const OTHER_LISTS = {
  tone: 'info',
  title: 'Магазин или сообщество другие',
  text: 'Сверьте группы и подборки ниже и сохраните. Пока ничего не изменилось.',
} as const

const SHARED = {
  tone: 'warn',
  title: 'Эту витрину уже ведёт другая пара',
  text: 'Настройки сохранены. Товары с теми же номерами останутся за той парой, остальные перенесём. Если удалить ту пару, их карточки перейдут к этой.',
} as const

/** What belongs to a group is of no use at another store, an album in another community. */
function basisOf(link: Link | undefined, { storeId, communityId }: FormPlaces): Settings {
  if (!link) return firstSettings()
  const { settings } = link
  if (link.storeId !== storeId)
    return { ...settings, groups: {}, categories: {}, prices: {}, photos: {} }
  if (link.communityId === communityId) return settings
  const named = Object.entries(settings.groups).filter(([, choice]) => typeof choice === 'string')
  return { ...settings, groups: Object.fromEntries(named) }
}
