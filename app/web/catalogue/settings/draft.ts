import type { Request } from 'express'
import type { LinkWish } from '../../../flows/catalogue/find-route.ts'
import type { Link } from '../../../store/sync-links.ts'
import { type FormFields, groupIn } from './fields.ts'

/** The pair a page of settings is drawn for. */
export interface FormPlaces {
  storeId: string
  /** The key of the platform the goods go to. */
  target: string
  communityId: string
}

/** What a form means by its fields: an empty community is none. */
export const wishedIn = ({
  storeId,
  communityId,
}: FormPlaces): Pick<LinkWish, 'storeId' | 'communityId'> => ({
  storeId,
  communityId: communityId === '' ? undefined : communityId,
})

/** As an address asks for it. */
interface Asked {
  target: string
  storeId?: string | undefined
  communityId?: string | undefined
}

/** What says where the form is sent, not what is set. */
const OF_THE_FORM = new Set([
  ...['_csrf', 'link', 'target', 'store_id', 'group_id', 'seen_store', 'seen_group'],
  ...['show', 'page', 'at_page', 'find', 'found', 'save'],
])
const BOXES = ['cut_names', 'restricted']
/** A session is read at every request: what is typed of very many groups at once is let go. */
const MOST_LETTERS = 300_000

/**
 * What of a form was typed and is not as `basis` has it anyway. A box without a tick is not sent, and is typed all the
 * same.
 */
export function typedFields(fields: FormFields, basis: FormFields): FormFields {
  const boxes = Object.fromEntries(BOXES.map((name) => [name, fields[name] ?? '']))
  const all = Object.entries({ ...boxes, ...fields })
  return Object.fromEntries(all.filter(([name, text]) => isTyped(name, text, basis[name])))
}

function isTyped(name: string, text: string, before = ''): boolean {
  if (OF_THE_FORM.has(name) || text === before) return false
  return !(name.startsWith('map[') && text === 'create' && before === '')
}

/** Groups are others in another store, albums in another community. */
export function fittingFields(fields: FormFields, from: FormPlaces, to: FormPlaces): FormFields {
  const sameStore = from.storeId === to.storeId
  const sameShop = from.communityId === to.communityId
  const fits = ([name, text]: [string, string]) =>
    groupIn(name) === undefined ||
    (sameStore && (sameShop || !name.startsWith('map[') || /^(create|none|skip)$/.test(text)))
  return Object.fromEntries(Object.entries(fields).filter(fits))
}

/** Keeps what was typed for the next page of this pair. */
export function keepDraft(
  req: Request,
  link: Link | undefined,
  places: FormPlaces,
  fields: FormFields,
) {
  const letters = JSON.stringify(fields).length
  const general = Object.entries(fields).filter(([name]) => groupIn(name) === undefined)
  req.session.draft = {
    at: placeOf(link, places),
    fields: letters > MOST_LETTERS ? Object.fromEntries(general) : fields,
  }
}

/** Gives it out once. */
export function takeDraft(
  req: Request,
  link: Link | undefined,
  places: Asked,
): FormFields | undefined {
  const { draft } = req.session
  if (!draft) return undefined
  delete req.session.draft
  return draft.at === placeOf(link, places) ? draft.fields : undefined
}

const placeOf = (link: Link | undefined, { target, storeId = '', communityId = '' }: Asked) =>
  JSON.stringify([link?.id ?? 'new', target, storeId, communityId])
