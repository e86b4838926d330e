import type { PlatformVariables } from './platforms.ts'

/**
 * RFC 6749 §3.1.2: a redirect URI is absolute and ours; BASE_URL is the one origin it may have. One that is wrong costs
 * its platform, not the others. In production it has to be an address people can come back to.
 */
export function misdirected(
  own: PlatformVariables,
  origin: URL,
  production: boolean,
): Record<string, string> {
  const problems = Object.entries(own).map(([key, { REDIRECT_URI: text }]) => {
    const elsewhere = text && !(URL.canParse(text) && new URL(text).origin === origin.origin)
    if (elsewhere) {
      const name = `${key.toUpperCase()}_REDIRECT_URI`
      return [
        key,
        `${name} должен начинаться с ${origin.origin}: адрес возврата бывает только на самом EvoSync.`,
      ]
    }
    return [key, production && isLoopback(origin) ? LOCAL_IN_PRODUCTION : '']
  })
  return Object.fromEntries(problems.filter(([, problem]) => problem)) as Record<string, string>
}

const LOCAL_IN_PRODUCTION =
  'DEPLOY_ENV говорит о боевом сервере, а BASE_URL ведёт на эту же машину: вернуться с чужого сайта туда не получится. Задайте BASE_URL с настоящим адресом или DEPLOY_ENV=development.'

/** `host:port` of every endpoint the environment names: the operator's word. */
export function configuredHosts(own: PlatformVariables): string[] {
  return Object.values(own)
    .flatMap((settings) => Object.entries(settings))
    .filter(([name, value]) => name.endsWith('_URL') && URL.canParse(value))
    .map(([, value]) => hostAndPort(new URL(value)))
}

/** `host:port` with the scheme's own port written out. */
export function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`
}

/** The person at the same machine needs no TLS. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
