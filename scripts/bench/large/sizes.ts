/** How much is seeded at full size; `share` 0.1 is a tenth of it. */
export interface Sizes {
  users: number
  connections: number
  events: number
  checks: number
  runs: number
  products: number
}

export const sizesOf = (share: number): Sizes => ({
  users: 100_000 * share,
  connections: 200_000 * share,
  events: 1_000_000 * share,
  checks: 2_000_000 * share,
  runs: Math.round(8_640 * share),
  products: Math.round(10_000 * share),
})

/** Whose pages are asked: the administrator, and the owner of much. */
export const ADMIN = 1
export const OWNER = 2

/** The platform half of all connections are to; the others share the rest. */
export const BUSIEST = 'vk'
/** With Эвотор first: the owner of much has a till. */
export const OTHERS = [
  ...['evotor', 'facebook', 'gsc', 'bing', 'wordpress', 'wix', 'shopee', 'ok'],
  ...['yandex', 'google', 'avito', 'insales'],
]
