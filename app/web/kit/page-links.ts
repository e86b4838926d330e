/** A page of a list that can be gone to. */
export interface PageLink {
  label: string
  href: string
  current: boolean
}

/** `1 2 3 … 12 Дальше`; nothing where one page is enough. */
export function pageLinks(
  page: number,
  pages: number,
  hrefOf: (page: number) => string,
): PageLink[] {
  if (pages < 2) return []
  const near = Array.from({ length: pages }, (_, index) => index + 1).filter(
    (one) => one === 1 || one === pages || Math.abs(one - page) <= 2,
  )
  const links = near.map((one) => ({
    label: String(one),
    href: hrefOf(one),
    current: one === page,
  }))
  if (page < pages) links.push({ label: 'Дальше', href: hrefOf(page + 1), current: false })
  return links
}

/** A page's number out of an address; what cannot be one is the first. */
export function pageOf(wanted: unknown): number {
  return typeof wanted === 'string' && /^[1-9]\d{0,4}$/.test(wanted) ? Number(wanted) : 1
}

/** The largest number a row can have. */
const MOST = 2 ** 31 - 1

/** The row a list got to, out of an address; what cannot be one is the beginning. */
export function rowOf(wanted: unknown): number | undefined {
  const number = typeof wanted === 'string' && /^\d{1,10}$/.test(wanted) ? Number(wanted) : MOST + 1
  return number <= MOST ? number : undefined
}

/** What was typed to search by, in one line; PostgreSQL refuses a text with a NUL in it. */
export function searchOf(wanted: unknown): string {
  if (typeof wanted !== 'string') return ''
  return wanted
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 254)
}

/** A list that is gone through row by row: back to where it begins, and on. Nothing where one page is enough. */
export function stepLinks(
  begin: { label: string; href: string } | undefined,
  on: { label: string; href: string } | undefined,
): PageLink[] {
  return [begin, on].flatMap((link) => (link ? [{ ...link, current: false }] : []))
}

/** An address with what is asked for in it, empty parts left out. */
export function withQuery(
  path: string,
  asked: Record<string, string | number | undefined>,
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked))
    if (value !== undefined && value !== '') query.set(name, String(value))
  return query.size > 0 ? `${path}?${query.toString()}` : path
}
