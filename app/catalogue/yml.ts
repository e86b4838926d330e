import { createHash } from 'node:crypto'
import { type Entry, isAvailable } from './entry.ts'
import { YML } from './file-capacity.ts'
import type { Group } from './goods.ts'
import { createNaming, isNameless } from './group-names.ts'

/** Whose catalogue it is, and when it was written down. */
export interface Shopfront {
  name: string
  company: string
  url: string
  now: Date
  timeZone: string
}

/** For what lies on no groupIndex; groups' own numbers are larger. */
const NO_SHELF = '1'

/**
 * A catalogue in Yandex's YML (yandex.ru/support/direct, «Требования к YML-фиду»; ads.vk.com takes the same), piece by
 * piece as the entries come. Texts are as they are, whatever is in them; what XML forbids is left out.
 */
export async function* yml(
  shop: Shopfront,
  groups: readonly Group[],
  entries: AsyncIterable<Entry> | Iterable<Entry>,
): AsyncGenerator<string> {
  yield head(shop)
  const named = createNaming(groups, YML)
  const nowhere = ringsOf(groups, new Map(groups.map((group) => [group.id, group])))
  for (const group of groups)
    if (!isNameless(group, YML))
      yield category(group, nowhere.has(group) ? undefined : named(group.parentId))
  yield '</categories>\n<offers>\n'
  for await (const entry of entries) yield offer(entry, named(entry.groupId))
  yield '</offers>\n</shop>\n</yml_catalog>\n'
}

function head({ name, company, url, now, timeZone }: Shopfront): string {
  const date = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone,
  }).format(now)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<yml_catalog date="${date}">`,
    '<shop>',
    element('name', name),
    element('company', company),
    element('url', url),
    '<currencies><currency id="RUB" rate="1"/></currencies>',
    `<categories>\n<category id="${NO_SHELF}">Без группы</category>\n`,
  ].join('\n')
}

function category(group: Group, parent: Group | undefined): string {
  const inside = parent ? ` parentId="${numberOf(parent.id)}"` : ''
  return `<category id="${numberOf(group.id)}"${inside}>${escape(group.name)}</category>\n`
}

/** Groups that lie in themselves, by whatever way, and so nowhere. Nobody is looked at twice. */
function ringsOf(groups: readonly Group[], shelves: ReadonlyMap<string, Group>): Set<Group> {
  const above = ({ parentId = '' }: Group) => shelves.get(parentId)
  const rings = new Set<Group>()
  const seen = new Set<Group>()
  for (const group of groups) {
    const way = new Set<Group>()
    let at: Group | undefined = group
    for (; at && !seen.has(at); at = above(at)) {
      seen.add(at)
      way.add(at)
    }
    if (!at || !way.has(at)) continue
    for (let one: Group | undefined = at; one && !rings.has(one); one = above(one)) rings.add(one)
  }
  return rings
}

/** Categories have numbers of up to 18 digits; the same group always has the same. */
const numberOf = (groupId: string) => parseInt(digest(groupId).slice(0, 12), 16) + 2

function offer(entry: Entry, group: Group | undefined): string {
  const { oldPrice, stock, url, picture, article } = entry
  const groupIndex = group ? numberOf(group.id) : NO_SHELF
  const lines = [
    `<offer id="${entry.offerId}" available="${isAvailable(entry)}">`,
    element('name', entry.title),
    url && element('url', url),
    element('price', roubles(entry.price)),
    oldPrice !== undefined && element('oldprice', roubles(oldPrice)),
    '<currencyId>RUB</currencyId>',
    `<categoryId>${groupIndex}</categoryId>`,
    picture && element('picture', picture),
    article && element('vendorCode', article),
    element('description', entry.description),
    stock !== undefined && stock >= 0 && element('count', String(stock)),
    '</offer>\n',
  ]
  return lines.filter(Boolean).join('\n')
}

const roubles = (kopecks: number) =>
  kopecks % 100 === 0 ? String(kopecks / 100) : (kopecks / 100).toFixed(2)

const element = (name: string, text: string) => `<${name}>${escape(text)}</${name}>`

/** XML 1.0 §2.2 forbids most control characters and halves of signs even when they are escaped. */
function escape(text: string): string {
  const allowed = text.replace(/\r\n?/g, '\n').replace(/[^\t\n\P{Cc}]|[\p{Cs}\ufffe\uffff]/gu, '')
  return allowed.replace(/[&<>"']/g, (sign) => NAMED[sign] ?? '')
}

const NAMED: Partial<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
