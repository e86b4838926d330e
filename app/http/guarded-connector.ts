import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { isIP, isIPv6, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { hostAndPort } from '../config/platform-hosts.ts'
import { AddressRefused, isPublic } from './guard.ts'

/**
 * A connector that talks to public addresses only, judged at connect time on the address really used, so that no
 * spelling and no DNS answer gets around it (OWASP SSRF Prevention). `allowed` lists exact `host:port` exceptions.
 */
export function guardedConnector(
  allowed: readonly string[],
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  const free = new Set(allowed)
  const unguarded = buildConnector(options)
  const guarded = buildConnector({
    ...options,
    lookup: publicLookup,
  })

  return (request, callback) => {
    const { protocol, hostname, port } = request
    const name = isIPv6(hostname) ? `[${hostname}]` : hostname
    const url = new URL(`${protocol}//${name}${port ? `:${port}` : ''}`)
    if (free.has(hostAndPort(url))) {
      unguarded(request, callback)
      return
    }
    const literal = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(literal) && !isPublic(literal)) {
      callback(new AddressRefused('private address'), null)
      return
    }
    guarded(request, callback)
  }
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    const usable = error ? [] : addresses.filter(({ address }) => isPublic(address))
    const [first] = usable
    if (error ?? !first) {
      callback(error ?? new AddressRefused('private address'), '', 0)
      return
    }
    answer(usable, first, options.all === true, callback)
  })
}

function answer(
  usable: LookupAddress[],
  first: LookupAddress | undefined,
  all: boolean,
  callback: Parameters<LookupFunction>[2],
) {
  if (all) callback(null, usable)
  else if (first) callback(null, first.address, first.family)
}
