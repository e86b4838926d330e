import { asObject, asText, badResponse, readJson } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'
import type { ProviderError } from '../../errors.ts'
import type { Caller } from '../catalogue.ts'
import { asking } from './calls.ts'

/** What is listed, and what its refusals mean. */
export interface Listing {
  url: string
  /** Goes with the first call alone; the others carry nothing but the cursor. */
  query?: Record<string, string>
  refusal: (answer: Answer) => ProviderError
}

interface Page {
  items: unknown[]
  cursor?: string
}

/** A page holds up to 1000; nobody sells half a million things over one counter. */
const MAX_PAGES = 500

/**
 * The pages of a list, one call at a time, by cursor (Evotor's overview of the cloud API, paging). A cursor that is
 * refused begins the list again, once: things may come twice then, and the later ones count.
 * @throws ProviderError by the status; `bad_response` for a list that would not end or is not whole
 */
export async function* pagesOf(call: Caller, listing: Listing): AsyncGenerator<unknown[]> {
  const seen = new Set<string>()
  let cursor: string | undefined
  let restarted = false
  for (let count = 1; count <= MAX_PAGES; count += 1) {
    const answer = await call((api) => sendChecked(api.send, listing, cursor))
    if (answer.status === 400) {
      if (restarted) throw badResponse('cursor refused again', answer)
      restarted = true
      cursor = undefined
      seen.clear()
      continue
    }
    const page = readPage(answer)
    yield page.items
    if (page.cursor === undefined) return
    if (seen.has(page.cursor)) throw badResponse('cursor repeated', answer)
    if (page.items.length === 0) throw badResponse('empty page with a cursor', answer)
    cursor = page.cursor
    seen.add(cursor)
  }
  throw badResponse('too many pages', { status: 200, headers: {}, text: '' })
}

/** Refusals are seen inside the call; only 400 to a cursor is an answer we know what to do with. */
async function sendChecked(
  send: (request: ReturnType<typeof asking>) => Promise<Answer>,
  { url, query, refusal }: Listing,
  cursor: string | undefined,
): Promise<Answer> {
  const answer = await send(asking(url, cursor === undefined ? query : { cursor }))
  if (answer.status === 400 && cursor !== undefined) return answer
  if (answer.status >= 400) throw refusal(answer)
  return answer
}

function readPage(answer: Answer): Page {
  const body = asObject(readJson(answer))
  if (!Array.isArray(body?.items)) throw badResponse('a list without items', answer)
  const paging = asObject(body.paging)
  const next = paging?.next_cursor ?? paging?.nextCursor ?? ''
  const cursor = asText(next)
  if (next !== '' && cursor === undefined) throw badResponse('an odd cursor', answer)
  return { items: body.items as unknown[], ...(cursor !== undefined && { cursor }) }
}
