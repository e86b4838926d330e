import { ProviderError } from '../../errors.ts'

/** How reading is done at present; what VK does not take is not tried again. */
export interface ReadWay {
  /** Pages in one `execute`; 0: none, page by page. */
  pages: number
  /** Only what is wanted of each item. */
  columns: boolean
}

export const BAD_COLUMNS = 'bad_columns'

const MOST_PAGES = 10
/** Whole items are some five times as large as what is wanted of them. */
const MOST_WHOLE_PAGES = 3

export const newReadWay = (): ReadWay => ({ pages: MOST_PAGES, columns: true })

/** Too much for one answer: less may do. */
const TOO_MUCH = new Set(['batch_refused', 'bad_response', 'timeout'])
/** Not in this form. */
const REFUSED = new Set([
  'method_unknown',
  'market_right_missing',
  'request_refused',
  'app_refused',
  'community_token',
])

/** Another way to try after this failure: fewer pages, whole items, page by page; false: there is none. */
export function learn(way: ReadWay, error: unknown): boolean {
  if (!(error instanceof ProviderError) || way.pages === 0) return false
  if (error.code === BAD_COLUMNS && way.columns) {
    way.columns = false
    way.pages = Math.min(way.pages, MOST_WHOLE_PAGES)
  } else if (TOO_MUCH.has(error.code)) way.pages = Math.floor(way.pages / 2)
  else if (REFUSED.has(error.code)) way.pages = 0
  else return false
  return true
}
