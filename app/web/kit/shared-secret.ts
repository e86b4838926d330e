import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether an `Authorization` header shows the secret, as RFC 6750 §2.1 has it. Digests of one length take one time. */
export function isBearerOf(secret: string, header = ''): boolean {
  const [, sent = ''] = /^Bearer +(.*?) *$/i.exec(header) ?? []
  return isSame(sent, secret)
}

/** The same for those who leave the word «Bearer» out (docs/platforms/evotor.md#webhooks). */
export const showsSecret = (secret: string, header = ''): boolean =>
  isBearerOf(secret, header) || isSame(header.trim(), secret)

const isSame = (sent: string, secret: string) => timingSafeEqual(digest(sent), digest(secret))

const digest = (text: string) => createHash('sha256').update(text).digest()
