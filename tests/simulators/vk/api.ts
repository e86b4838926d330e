import { setTimeout as pause } from 'node:timers/promises'
import type { Express, Request, Response } from 'express'
import { textsOf, type Vk, type VkToken } from '../vk.ts'
import type { VkCall } from './access.ts'
import { runExecute } from './execute.ts'
import { perform, troubled } from './perform.ts'
import { VkRefusal } from './refusal.ts'
import { isDropped } from './troubles.ts'

/** api.vk.com/method: 200 to everything, the truth in the body, three calls a second and token. */
export function addVkApi(app: Express, vk: Vk) {
  const calls = new Map<string, number[]>()

  app.all('/method/:name', async (req, res) => {
    const { name } = req.params
    count(vk, name)
    const fields = { ...textsOf(req.query), ...textsOf(req.body) }
    if (req.is('application/json')) {
      fail(req, res, new VkRefusal(8, 'Invalid request: JSON is not supported'))
      return
    }
    if (!fields.v) {
      fail(req, res, new VkRefusal(8, 'Invalid request: v is required'))
      return
    }
    const presented =
      fields.access_token ?? /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1] ?? ''
    const token = vk.tokens.get(presented)
    if (!token || hasEnded(token)) {
      fail(req, res, new VkRefusal(5))
      return
    }
    if (tooMany(calls, presented, token.communityId ? vk.perSecondOfCommunity : vk.perSecond)) {
      vk.tooFast += 1
      fail(req, res, new VkRefusal(6))
      return
    }
    await late(vk)
    const result = resultOf(callOf(vk, token, fields), name)
    const lost = isDropped(vk, name)
    await late(vk)
    if (lost) res.socket?.destroy()
    else if (result instanceof VkRefusal) fail(req, res, result)
    else res.json(result)
  })
}

function count(vk: Vk, method: string) {
  vk.requestsMade += 1
  vk.made.set(method, (vk.made.get(method) ?? 0) + 1)
  if (!vk.keepJournal) vk.asked.length = 0
}

const late = async ({ latencyMs }: Vk) => {
  if (latencyMs) await pause(latencyMs / 2)
}

const hasEnded = ({ expiresAt }: VkToken) => expiresAt !== 0 && expiresAt <= Date.now()

function tooMany(calls: Map<string, number[]>, token: string, most: number): boolean {
  const recent = (calls.get(token) ?? []).filter((at) => at > Date.now() - 1000)
  calls.set(token, [...recent, Date.now()])
  return recent.length >= most
}

function callOf(vk: Vk, token: VkToken, params: Record<string, string>): VkCall {
  const { userId, scope, communityId } = token
  const version = Number(params.v?.split('.')[1])
  return { market: vk, users: vk.users, url: vk.url, userId, scope, communityId, params, version }
}

/** The whole body of a success, or the refusal. */
function resultOf(call: VkCall, name: string): object {
  try {
    if (name === 'execute') return troubled(call, name, () => runExecute(call))
    return { response: perform(call, name) }
  } catch (error) {
    if (error instanceof VkRefusal) return error
    throw error
  }
}

/** `request_params` echoes what was sent, as VK does; a client that logs it leaks. */
function fail(req: Request, res: Response, { code, message, extras }: VkRefusal) {
  const sent = { ...textsOf(req.query), ...textsOf(req.body) }
  const request_params = Object.entries(sent).map(([key, value]) => ({ key, value }))
  res.json({ error: { error_code: code, error_msg: message, ...extras, request_params } })
}
