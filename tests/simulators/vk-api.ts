import type { Express, Request, Response } from 'express'
import { RIGHTS, textsOf, type Vk, type VkToken } from './vk.ts'

/** api.vk.com/method: 200 to everything, the truth in the body, three calls a second and token. */
export function addVkApi(app: Express, vk: Vk) {
  const calls = new Map<string, number[]>()

  app.all('/method/:name', (req, res) => {
    const fields = { ...textsOf(req.query), ...textsOf(req.body) }
    if (req.is('application/json')) {
      fail(req, res, 8, 'Invalid request: JSON is not supported')
      return
    }
    if (!fields.v) {
      fail(req, res, 8, 'Invalid request: v is required')
      return
    }
    const presented =
      fields.access_token ?? /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1] ?? ''
    const token = vk.tokens.get(presented)
    if (!token || hasEnded(token)) {
      fail(req, res, 5, 'User authorization failed: invalid access_token (4).')
      return
    }
    if (tooMany(calls, presented, vk.perSecond)) {
      fail(req, res, 6, 'Too many requests per second')
      return
    }
    answer(req, res, vk, token)
  })
}

function answer(req: Request, res: Response, vk: Vk, { userId, scope }: VkToken) {
  if (req.params.name === 'users.get') {
    const user = vk.users.find(({ id }) => id === userId)
    res.json({ response: user ? [{ ...user, can_access_closed: true, is_closed: false }] : [] })
  } else if (req.params.name === 'account.getAppPermissions') {
    res.json({ response: scope.reduce((mask, name) => mask + (RIGHTS[name]?.bit ?? 0), 0) })
  } else fail(req, res, 3, 'Unknown method passed')
}

const hasEnded = ({ expiresAt }: VkToken) => expiresAt !== 0 && expiresAt <= Date.now()

function tooMany(calls: Map<string, number[]>, token: string, most: number): boolean {
  const recent = (calls.get(token) ?? []).filter((at) => at > Date.now() - 1000)
  calls.set(token, [...recent, Date.now()])
  return recent.length >= most
}

/** `request_params` echoes what was sent, as VK does; a client that logs it leaks. */
function fail(req: Request, res: Response, error_code: number, error_msg: string) {
  const request_params = Object.entries(textsOf(req.query)).map(([key, value]) => ({ key, value }))
  res.json({ error: { error_code, error_msg, request_params } })
}
