import { Readable } from 'node:stream'
import type { Agent } from 'undici'
import { describe } from './network-failures.ts'
import { asked, bodyOf, multipart } from './request-body.ts'
import type { Answer, Call, Sent } from './call.ts'
import { startTimeLimit } from './time-limit.ts'

/**
 * One request, one answer, whatever its status; redirects are not followed.
 * @throws ProviderError for everything that breaks on the way
 */
export async function exchange(agent: Agent, call: Call, timeoutMs: number): Promise<Answer> {
  const url = new URL(call.url)
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value)
  const limit = startTimeLimit(Math.max(1, Math.ceil(timeoutMs)))
  const sent = call.files ? multipart(call.files, call.still) : guarded(bodyOf(call), call.still)
  try {
    if (sent.body === null) await call.still?.()
    const { statusCode, headers, body } = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: call.method ?? 'GET',
      headers: { ...headersOf(call), ...sent.headers },
      body: sent.body,
      signal: limit.signal,
    })
    const came = { status: statusCode, headers: flat(headers) }
    if (call.binary) return { ...came, text: '', bytes: await body.bytes() }
    return { ...came, text: await body.text() }
  } catch (error) {
    throw describe(error)
  } finally {
    limit.end()
  }
}

/** Connecting takes its time: the question is put when the body is fetched, and undici sends nothing before. */
function guarded(body: string | null, still: Call['still']): Sent {
  if (body === null || !still) return { headers: {}, body }
  const bytes = Buffer.from(body)
  return {
    headers: { 'content-length': String(bytes.length) },
    body: Readable.from(asked([bytes], still)),
  }
}

function headersOf({ form, json, signed, headers }: Call): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'EvoSync',
    ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...((json ?? signed) !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  }
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    [value ?? ''].flat().join(', '),
  ])
  return Object.fromEntries(entries) as Record<string, string>
}
