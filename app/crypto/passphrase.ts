import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import * as z from 'zod'
import { VaultError } from '../errors.ts'

/** Shorter ones are guessed by machines, whatever scrypt costs them. */
export const SHORTEST = 12

/** OWASP's first choice for scrypt: 128 MB and some tenths of a second a guess. */
const COST = { n: 2 ** 17, r: 8, p: 1 } as const
const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32
/** A file may not ask for more than this of our memory: 128 · n · r bytes. */
const MOST_N = 2 ** 18

const base64 = z.base64url()

/** A text under a passphrase, as it stands in a file; binary parts are base64url. */
export const sealedByPassphrase = z.strictObject({
  kdf: z.literal('scrypt'),
  n: z.int().min(2).max(MOST_N),
  r: z.literal(COST.r),
  p: z.literal(COST.p),
  salt: base64,
  cipher: z.literal('aes-256-gcm'),
  iv: base64,
  tag: base64,
  text: base64,
})
export type SealedByPassphrase = z.infer<typeof sealedByPassphrase>

/** Seals with AES-256-GCM under a key of scrypt (RFC 7914), bound to `label`. */
export async function sealByPassphrase(
  text: string,
  passphrase: string,
  label: string,
): Promise<SealedByPassphrase> {
  const [salt, iv] = [randomBytes(16), randomBytes(IV_BYTES)]
  const key = await keyOf(passphrase, salt, COST)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(label))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return {
    kdf: 'scrypt',
    ...COST,
    salt: salt.toString('base64url'),
    cipher: 'aes-256-gcm',
    iv: iv.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    text: sealed.toString('base64url'),
  }
}

/** @throws VaultError when the passphrase is another, or text or label were changed: nobody can tell which. */
export async function openByPassphrase(
  { n, r, p, ...sealed }: SealedByPassphrase,
  passphrase: string,
  label: string,
): Promise<string> {
  const key = await keyOf(passphrase, bytes(sealed.salt), { n, r, p })
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(sealed.iv), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(label)).setAuthTag(bytes(sealed.tag))
    return Buffer.concat([decipher.update(bytes(sealed.text)), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw new VaultError('sealed text does not open', { cause })
  }
}

/** One spelling for what was typed on two keyboards. */
function keyOf(
  passphrase: string,
  salt: Buffer,
  { n, r, p }: Record<'n' | 'r' | 'p', number>,
): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 256 * n * r }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}

const bytes = (part: string) => Buffer.from(part, 'base64url')
