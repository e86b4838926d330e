import { createHash } from 'node:crypto'
import type { Express, Response } from 'express'
import { askPerson, issue, random, takeCode, textsOf, type Vk } from '../vk.ts'

/** VK ID, OAuth 2.1: PKCE in lower case, long state, device id, no secret, pairs that rotate (reference: VK ID). */
export function addVkId(app: Express, vk: Vk) {
  app.get('/id/authorize', (req, res) => {
    const query = textsOf(req.query)
    const {
      client_id,
      redirect_uri = '',
      response_type,
      scope = '',
      state = '',
      code_challenge = '',
      code_challenge_method,
    } = query
    if (client_id !== vk.clientId) {
      refuseId(res, 'invalid_client')
      return
    }
    if (!vk.redirectUris.includes(redirect_uri)) {
      refuseId(res, 'invalid_request', 'redirect_uri')
      return
    }
    if (response_type !== 'code') {
      refuseId(res, 'invalid_request', 'response_type')
      return
    }
    if (!/^[\w-]{32,}$/.test(state)) {
      refuseId(res, 'invalid_request', 'state')
      return
    }
    if (code_challenge_method !== 's256' || !/^[\w-]{43}$/.test(code_challenge)) {
      refuseId(res, 'invalid_request', 'PKCE')
      return
    }
    if ('code_verifier' in query) {
      refuseId(res, 'invalid_request', 'verifier with challenge')
      return
    }
    askPerson(res, vk, {
      redirectUri: redirect_uri,
      state,
      scope: scope.split(/[\s,]+/).filter(Boolean),
      challenge: code_challenge,
      deviceId: random(16),
    })
  })

  app.post('/oauth2/auth', (req, res) => {
    if (!req.is('application/x-www-form-urlencoded')) {
      refuseId(res, 'invalid_request', 'form')
      return
    }
    const form = textsOf(req.body)
    if (form.client_id !== vk.clientId) {
      refuseId(res, 'invalid_client')
      return
    }
    if ('client_secret' in form) {
      refuseId(res, 'invalid_request', 'client_secret')
      return
    }
    if (!/^[\w-]{32,}$/.test(form.state ?? '')) {
      refuseId(res, 'invalid_request', 'state')
      return
    }
    if (form.grant_type === 'authorization_code') redeem(res, vk, form)
    else if (form.grant_type === 'refresh_token') renew(res, vk, form)
    else refuseId(res, 'invalid_request', 'grant_type')
  })

  app.post('/oauth2/revoke', (req, res) => {
    const { access_token = '', client_id } = textsOf(req.body)
    const token = vk.tokens.get(access_token)
    if (client_id !== vk.clientId || !token) {
      refuseId(res, 'invalid_token')
      return
    }
    vk.revoke(token.userId)
    res.json({ response: 1 })
  })
}

function redeem(res: Response, vk: Vk, form: Record<string, string>) {
  const grant = takeCode(vk, form.code ?? '')
  const challenge = createHash('sha256')
    .update(form.code_verifier ?? '')
    .digest('base64url')
  if (grant?.challenge !== challenge) {
    refuseId(res, 'invalid_grant')
    return
  }
  if (grant.redirectUri !== form.redirect_uri) {
    refuseId(res, 'invalid_grant', 'redirect_uri')
    return
  }
  if (!grant.deviceId || grant.deviceId !== form.device_id) {
    refuseId(res, 'invalid_grant', 'device_id')
    return
  }
  givePair(res, vk, { ...grant, deviceId: grant.deviceId, family: random(8) }, form.state)
}

/** A refresh token used twice counts as stolen: the whole family dies. */
function renew(res: Response, vk: Vk, form: Record<string, string>) {
  const used = form.refresh_token ?? ''
  const family = vk.spent.get(used)
  if (family) {
    for (const [token, live] of vk.refreshTokens)
      if (live.family === family) vk.refreshTokens.delete(token)
    refuseId(res, 'invalid_grant', 'refresh token was used')
    return
  }
  const live = vk.refreshTokens.get(used)
  if (!live) {
    refuseId(res, 'invalid_grant')
    return
  }
  if (live.deviceId !== form.device_id) {
    refuseId(res, 'invalid_grant', 'device_id')
    return
  }
  vk.refreshTokens.delete(used)
  vk.spent.set(used, live.family)
  givePair(res, vk, live, form.state)
}

function givePair(
  res: Response,
  vk: Vk,
  grant: { userId: number; scope: string[]; deviceId: string; family: string },
  state: string | undefined,
) {
  const { userId, scope, deviceId, family } = grant
  const access_token = issue(vk, grant, vk.lifeOfVkId)
  const refresh_token = `vk2.a.${random(24)}`
  vk.refreshTokens.set(refresh_token, { userId, scope, deviceId, family, expiresAt: 0 })
  res.json({
    access_token,
    refresh_token,
    token_type: 'Bearer',
    expires_in: vk.lifeOfVkId,
    user_id: userId,
    state,
    scope: ['vkid.personal_info', ...scope].join(' '),
  })
}

function refuseId(res: Response, error: string, error_description = error) {
  res.status(400).json({ error, error_description })
}
