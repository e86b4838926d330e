import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { hostAndPort } from '../config/platform-hosts.ts'
import { isPublic } from './guard.ts'

const LOOKUP_MS = 3_000
const LONGEST = 2_000

/** Names that never lead out of the house (RFC 6761, RFC 6762, RFC 9476, and what networks use by habit). */
const INWARD = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa)$/

/**
 * Whether an administrator may give this address: https to the public internet, or exactly a `host:port` that is
 * allowed. Credentials and fragments are refused. A name is judged by what DNS says now, all of it; one that DNS does
 * not know passes, for the guard judges again at every connect.
 */
export async function isAcceptable(text: string, allowed: readonly string[]): Promise<boolean> {
  const url = parse(text)
  if (!url) return false
  if (allowed.includes(hostAndPort(url))) return true
  return url.protocol === 'https:' && (await leadsOutside(url.hostname))
}

/** WHATWG parsing turns short, octal, hexadecimal and full-width spellings into the address they stand for. */
function parse(text: string): URL | undefined {
  if (text.length > LONGEST || /[\s\\\p{Cc}#]/u.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const plain = /^https?:$/.test(url.protocol) && !url.username && !url.password
  return plain && !/^https?:\/\/[^/?]*@/i.test(text) ? url : undefined
}

async function leadsOutside(hostname: string): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host)) return isPublic(host)
  if (!host.includes('.') || INWARD.test(host)) return false
  return (await addressesOf(host)).every(isPublic)
}

/** Empty when DNS does not know the name, or does not say in time. */
async function addressesOf(host: string): Promise<string[]> {
  const late = new Promise<[]>((resolve) => setTimeout(resolve, LOOKUP_MS, []).unref())
  const found = lookup(host, { all: true }).catch(() => [])
  return (await Promise.race([found, late])).map(({ address }) => address)
}
