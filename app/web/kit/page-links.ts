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
