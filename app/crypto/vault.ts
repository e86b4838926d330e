import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { VaultError } from '../errors.ts'

/** One AES-256 key: a short public id and 32 secret bytes. */
export interface VaultKey {
  id: string
  bytes: Buffer
}

export type Vault = ReturnType<typeof createVault>

const VERSION = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals secrets with AES-256-GCM (NIST SP 800-38D, random 96-bit IV). The first key seals, all of them open.
 * A sealed text is `v1.<key id>.<iv>.<tag>.<text>`, each part base64url, bound to a label naming table, row owner and column.
 */
export function createVault(keys: readonly [VaultKey, ...VaultKey[]]) {
  const [sealing] = keys
  const byId = new Map(keys.map((key) => [key.id, key.bytes]))

  /** @throws VaultError when the key is unknown, the text was changed, or the label is another row's. */
  function open(sealed: string, label: string): string {
    const { keyId, iv, tag, text } = split(sealed)
    const bytes = byId.get(keyId)
    if (!bytes) throw new VaultError(`no key ${keyId}`)
    try {
      const decipher = createDecipheriv('aes-256-gcm', bytes, iv, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(label)).setAuthTag(tag)
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new VaultError('sealed text does not open', { cause })
    }
  }

  return {
    keyIds: keys.map((key) => key.id),

    seal(text: string, label: string): string {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealing.bytes, iv).setAAD(Buffer.from(label))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const parts = [iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))
      return [VERSION, sealing.id, ...parts].join('.')
    },

    open,

    /** For what can be done without: sealed with a key that is gone, it is as good as not there. */
    openIfPossible(sealed: string, label: string): string | undefined {
      try {
        return open(sealed, label)
      } catch (error) {
        if (error instanceof VaultError) return undefined
        throw error
      }
    },
  }
}

function split(sealed: string) {
  const [version, keyId, iv, tag, text, ...rest] = sealed.split('.')
  if (version !== VERSION || !keyId || !iv || !tag || text === undefined || rest.length > 0) {
    throw new VaultError('not a sealed text')
  }
  const bytes = (part: string) => Buffer.from(part, 'base64url')
  return { keyId, iv: bytes(iv), tag: bytes(tag), text: bytes(text) }
}
