/**
 * What a JWT says, not proved: good for showing whose token it is, never for letting anybody in (RFC 7519 §6). Empty
 * when it is no JWT.
 */
export function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.')
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown
    return typeof claims === 'object' && claims !== null ? { ...claims } : {}
  } catch {
    return {}
  }
}
