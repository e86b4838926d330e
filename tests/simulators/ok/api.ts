import { createHash } from 'node:crypto'
import type { Express, Request } from 'express'
import type { Granted } from '../oauth-server.ts'
import type { Ok } from '../ok.ts'
import type { OkCall, Params } from './call.ts'
import { METHODS } from './methods.ts'
import { OkRefusal } from './refusal.ts'
import type { OkMarket, OkTrouble } from './state.ts'

const LONG_LIFE_MS = 30 * 24 * 3600_000

/** api.ok.ru/fb.do: 200 to everything, the truth in the body; every call is signed (docs/platforms/ok.md#calls). */
export function addApi(app: Express, ok: Ok) {
  app.all('/fb.do', (req, res) => {
    const params = { ...(req.query as Record<string, string>), ...(req.body as Params | undefined) }
    const name = params.method ?? ''
    const { made } = ok.market
    made.set(name, (made.get(name) ?? 0) + 1)
    const body = resultOf(ok, req, params)
    if (isDropped(ok.market, name)) res.socket?.destroy()
    else res.json(body)
  })
}

function resultOf(ok: Ok, req: Request, params: Params): unknown {
  try {
    return perform(admit(ok, req, params))
  } catch (error) {
    if (!(error instanceof OkRefusal)) throw error
    return { error_code: error.code, error_msg: error.message, error_data: null }
  }
}

/** The key, the session and the signature, in this order. @throws OkRefusal */
function admit(ok: Ok, req: Request, params: Params): OkCall {
  if (req.is('application/json')) throw new OkRefusal(4)
  const { access_token: token = '', sig, ...rest } = params
  if (rest.application_key !== ok.publicKey) throw new OkRefusal(101)
  if (rest.format !== 'json') throw new OkRefusal(4, 'REQUEST : format')
  if (!token) throw new OkRefusal(453)
  if (sig !== signatureOf(rest, md5(token + ok.clientSecret))) throw new OkRefusal(104)
  const granted = ok.tokens.get(token)
  if (!granted) throw new OkRefusal(103)
  if (!isAlive(granted)) throw new OkRefusal(102)
  const user = ok.rules.people.find(({ id }) => id === granted.userId)
  if (!user) throw new OkRefusal(103)
  return { market: ok.market, url: ok.url, user, scope: granted.scope, params: rest }
}

const signatureOf = (params: Params, secret: string) =>
  md5(
    Object.entries(params)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('') + secret,
  )

const md5 = (text: string) => createHash('md5').update(text, 'utf8').digest('hex')

/** A long session lives for thirty days from its last use. */
function isAlive(granted: Granted): boolean {
  const now = Date.now()
  if (granted.expiresAt <= now) return false
  if (isLong(granted)) granted.expiresAt = now + LONG_LIFE_MS
  return true
}

export const isLong = ({ scope }: Pick<Granted, 'scope'>) => scope.includes('LONG_ACCESS_TOKEN')

function perform(call: OkCall): unknown {
  const name = call.params.method ?? ''
  const method = METHODS[name]
  if (!method) throw new OkRefusal(3)
  if (!method.rights.every((right) => call.scope.includes(right))) throw new OkRefusal(10)
  const trouble = troubleFor(call.market, name)
  if (trouble && !trouble.worked) throw trouble.refusal
  const result = method.run(call)
  if (method.writes) note(call.market, name, call.params, result)
  if (trouble) throw trouble.refusal
  return result
}

function note({ writes }: OkMarket, method: string, params: Params, result: unknown) {
  const made = (result as { product_id?: string }).product_id
  writes.push({ method, params, productId: params.product_id ?? made })
}

/** The trouble that hits this call, used up by it. */
function troubleFor({ troubles }: OkMarket, method: string): OkTrouble | undefined {
  for (const one of troubles) {
    if (one.method !== method || one.times < 1) continue
    if (one.after > 0) {
      one.after -= 1
      continue
    }
    one.times -= 1
    return one
  }
  return undefined
}

function isDropped({ dropped }: OkMarket, method: string): boolean {
  const left = dropped.get(method) ?? 0
  if (left > 0) dropped.set(method, left - 1)
  return left > 0
}
