import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import type { VaultKey } from '../crypto/vault.ts'

/** What to do about a missing or weak secret; shown to administrators. */
const REMEDY = 'Создайте: npm run --silent secrets >> .env'

const SHORTEST_SECRET = 32
const KEY_BYTES = 32
/** Shown in .env.example; nobody may run on them. */
const EXAMPLES = [
  'your-own-long-random-text-of-32-characters-or-more',
  'eW91ci1vd24tMzItYnl0ZXMteW91ci1vd24tMzItYnk=',
]

/** Fresh values for the two secrets EvoSync cannot run without: 256 random bits each. */
export function freshSecrets(): { SESSION_SECRET: string; TOKEN_KEYS: string } {
  return {
    SESSION_SECRET: randomBytes(KEY_BYTES).toString('base64url'),
    TOKEN_KEYS: `k1:${randomBytes(KEY_BYTES).toString('base64')}`,
  }
}

/** SESSION_SECRET: a comma list, the first signs. Production takes no short, repeated or published one. */
export const sessionSecrets = (production: boolean) =>
  z
    .string(`не задан. ${REMEDY}`)
    .transform(splitList)
    .refine((list) => list.length > 0, `не задан. ${REMEDY}`)
    .refine((list) => !production || !list.some(isWeak), `слишком простой. ${REMEDY}`)

/** TOKEN_KEYS: `id:base64,…`, 32 bytes each; the first seals, all open. */
export const tokenKeys = (production: boolean) =>
  z.string(`не заданы. ${REMEDY}`).transform((text, context): [VaultKey, ...VaultKey[]] => {
    const entries = splitList(text)
    const [first, ...others] = entries.flatMap((entry) => readKey(entry, production) ?? [])
    const ids = new Set([first, ...others].map((key) => key?.id))
    if (first && ids.size === entries.length) return [first, ...others]
    context.addIssue({
      code: 'custom',
      message: `нужно id:ключ, ключ — 32 своих байта в base64. ${REMEDY}`,
    })
    return z.NEVER
  })

function isWeak(secret: string): boolean {
  return (
    secret.length < SHORTEST_SECRET || isRepeated(Buffer.from(secret)) || EXAMPLES.includes(secret)
  )
}

function readKey(entry: string, production: boolean): VaultKey | undefined {
  const [, id, text] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+=*)$/.exec(entry) ?? []
  if (!id || !text) return undefined
  const bytes = Buffer.from(text, 'base64')
  const weak = production && (isRepeated(bytes) || EXAMPLES.includes(bytes.toString('base64')))
  return bytes.length === KEY_BYTES && !weak ? { id, bytes } : undefined
}

const isRepeated = (bytes: Buffer) => bytes.every((byte) => byte === bytes[0])

/** Splits a comma list, dropping blanks. */
export const splitList = (text: string) => text.split(',').flatMap((part) => part.trim() || [])
