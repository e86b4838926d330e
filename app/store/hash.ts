import { createHash } from 'node:crypto'

/** SHA-256 in hex: how session ids, states and links of 256 random bits are kept, so that a stolen file opens nothing. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
