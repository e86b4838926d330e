import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits as 43 characters of the unreserved set: a PKCE verifier (RFC 7636 §4.1) or a `state`. */
export function randomText(): string {
  return randomBytes(32).toString('base64url')
}

/** The S256 challenge: base64url(sha256(verifier)) without padding (RFC 7636 §4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
