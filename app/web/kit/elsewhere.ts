import type { Request } from 'express'
import type { Config } from '../../config/index.ts'

/** Where a request was begun: by a page of ours or by nobody's (typed, a bookmark, a program), beside us, elsewhere. */
export type Beginning = 'here' | 'beside' | 'elsewhere'

/** What the browser says of it: Fetch Metadata, or the address and the name the person comes from. */
export function beginningOf({ baseUrl }: Pick<Config, 'baseUrl'>, req: Request): Beginning {
  const site = req.get('sec-fetch-site')
  if (site === 'cross-site') return 'elsewhere'
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'here' : 'beside'
  const ours = [new URL(baseUrl).host, req.get('host')]
  const foreign = [req.get('origin'), req.get('referer')].some(
    (from) => from !== undefined && !(URL.canParse(from) && ours.includes(new URL(from).host)),
  )
  return foreign ? 'elsewhere' : 'here'
}
