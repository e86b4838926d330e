import ipaddr from 'ipaddr.js'

/** Refused before a byte is sent: the address is not one of the public internet and nobody allowed it. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/** True for unicast addresses of the public internet, IPv4 inside IPv6 judged by the IPv4 part. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && !isIpv4Compatible(parsed)
}

/** ::a.b.c.d, deprecated by RFC 4291 §2.5.5.1, and still an IPv4 address to some. */
function isIpv4Compatible(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return (
    address.kind() === 'ipv6' &&
    (address as ipaddr.IPv6).parts.slice(0, 6).every((part) => part === 0)
  )
}
