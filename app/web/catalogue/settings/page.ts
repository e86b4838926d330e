import type { Response } from 'express'
import type { Context } from '../../../context.ts'
import { countOrRefuse } from '../../../flows/limit.ts'
import { readChoices, type Unread } from '../../../flows/catalogue/sync-choices.ts'
import type { Ends } from '../../../flows/catalogue/find-route.ts'
import type { Link } from '../../../store/sync-links.ts'
import { PACES, readSettings, ROUNDINGS, type Settings } from '../../../catalogue/settings.ts'
import { goods } from '../../kit/amounts.ts'
import type { FieldErrors } from '../../kit/forms.ts'
import { albumEntries, categoryEntries } from './lists.ts'
import { type FormFields, fieldsFrom, groupIn, idFor } from './fields.ts'
import { fitsRows, groupRows } from './groups.ts'
import { broughtAlong, groupPage } from './group-page.ts'
import { lacksRight } from '../missing-right.ts'
import { SETTINGS_FORMS } from '../../kit/limits.ts'
import { signedIn } from '../../kit/signed-in.ts'
import { paceWords } from '../timetable.ts'
import { wordsOf } from '../words.ts'
import { pressable } from '../../kit/state.ts'
import { categoryGroups, exampleOf, optionOf, placesOf } from './choices.ts'

/** Which of very many groups are shown. */
export interface GroupPart {
  page?: string
  find?: string
}

/** What the form is filled with; `fields` are what was typed and is not kept yet. */
export interface Filled extends GroupPart {
  link: Link | undefined
  storeId?: string | undefined
  communityId?: string | undefined
  settings: Settings
  fields?: FormFields
  errors?: FieldErrors
}

/** `GET /sync/settings`, and the answer to a form with something wrong in it. */
export async function showSettings(
  ctx: Context,
  res: Response,
  ends: Ends,
  filled: Filled,
): Promise<void> {
  await countOrRefuse(ctx, SETTINGS_FORMS, String(signedIn(res).id))
  const { link, settings, errors = {} } = filled
  const shut = lacksRight(ends.target)
  const choices = await readChoices(ctx, ends.source, ends.target, {
    storeId: filled.storeId ?? link?.storeId,
    communityId: filled.communityId ?? link?.communityId ?? (shut ? '' : undefined),
  })
  const { fields: typed = {}, page = '1', find = '' } = filled
  const fields = { ...fieldsFrom(settings), ...typed }
  const wrong = Object.keys(errors).length > 0
  const part = groupPage(choices.goods?.groups ?? [], { page, find }, errors)
  const { capacity } = ends.target.provider.target
  const albums = choices.albums && albumEntries(choices.albums)
  const categories = choices.categories && categoryEntries(choices.categories)
  const photos = await photoNames(ctx, signedIn(res).id, settings, fields)
  res.render('sync/settings', {
    title: wrong ? 'Ошибка: настройка синхронизации' : 'Настройка синхронизации',
    link,
    fields,
    errors,
    summary: byId(errors),
    idFor,
    source: ends.source.provider,
    target: ends.target.provider,
    capacity,
    targets: await targetsFor(ctx, signedIn(res).id, ends, link),
    ...placesOf(choices, link, shut),
    part,
    allGroups: choices.goods?.groups.length ?? 0,
    groups: groupRows(part.lines, { fields, errors, albums, categories, photos, capacity }),
    brought: broughtAlong(typed, part.lines),
    photoIds: photoIds(typed),
    photo: photos.get(''),
    goods: choices.goods,
    loose: choices.goods?.loose ? goods(choices.goods.loose) : undefined,
    albumList: albums && !fitsRows(part.lines.length, albums) ? albums : undefined,
    categoryList: categories && !fitsRows(part.lines.length, categories) ? categories : undefined,
    categories: choices.categories && categoryGroups(choices.categories),
    example: exampleOf(choices, settings),
    paces: PACES.map((pace) => optionOf(String(pace), paceWords(pace), fields.every)),
    roundings: ROUNDINGS.map((value) => ({ value, label: ROUNDING_WORDS[value] })),
    unread: choices.unread.map((one) => unreadWords(one, res)),
    running: link && (await ctx.syncRuns.active(link.id)),
  })
}

/** Where a new pair may go, when there is more than one place. */
async function targetsFor(
  { providers, connections }: Context,
  userId: number,
  { target }: Ends,
  link: Link | undefined,
) {
  const connected = new Set((await connections.list(userId)).map(({ provider }) => provider))
  const targets = providers.targets.filter(({ key }) => connected.has(key))
  if (link?.target || targets.length < 2) return []
  return targets.map(({ key, title }) => ({ key, title, current: key === target.provider.key }))
}

/** Pictures that came with an earlier sending of this form, by the field that brings them along. */
const photoIds = (typed: FormFields): FormFields =>
  Object.fromEntries(Object.entries(typed).filter(([name]) => /^photo_id(\[|$)/.test(name)))

const ROUNDING_WORDS: Record<(typeof ROUNDINGS)[number], string> = {
  '1': 'Без округления',
  '100': 'До рубля',
  '500': 'До 5 ₽',
  '1000': 'До 10 ₽',
  '5000': 'До 50 ₽',
  '10000': 'До 100 ₽',
  nines: 'Оканчивать на 9 ₽',
}

/** The summary leads to elements, and those have ids. */
const byId = (errors: FieldErrors): FieldErrors =>
  Object.fromEntries(Object.entries(errors).map(([name, words]) => [idFor(name), words]))

/** Group → the name of the photo it has, or has just been given; empty for all groups. */
async function photoNames(ctx: Context, userId: number, settings: Settings, fields: FormFields) {
  const names = new Map((await ctx.photos.list(userId)).map(({ id, name }) => [id, name]))
  const chosen = new Map<string, number | undefined>(Object.entries(settings.photos))
  chosen.set('', settings.photoId)
  for (const [name, id] of Object.entries(photoIds(fields)))
    chosen.set(groupIn(name) ?? '', Number(id))
  const named = [...chosen].map(([group, id]) => [group, names.get(id ?? 0)] as const)
  return new Map(named.filter((pair): pair is [string, string] => pair[1] !== undefined))
}

function unreadWords({ provider, code, values = {}, link: proof }: Unread, res: Response) {
  const words = wordsOf(code, provider, values)
  const named = { code, provider, id: `${provider.key}-${code}`, at: res.locals.now }
  return { ...words, ...named, button: pressable(words.button, provider), proof }
}

/** The settings a new pair begins with. */
export const firstSettings = (): Settings => readSettings({})
