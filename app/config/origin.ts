import { isLoopback } from './platform-hosts.ts'

/** Undefined when nobody can tell what BASE_URL means. */
export function readOrigin(
  env: Record<string, string>,
  production: boolean,
  problems: string[],
): URL | undefined {
  const text = env.BASE_URL
  if (!text) {
    const here = new URL('http://localhost')
    here.port = env.PORT ?? '3000'
    return here
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash) {
    problems.push('BASE_URL: нужен адрес без пути, пример: https://evosync.example.ru')
    return undefined
  }
  if (production && url.protocol === 'http:' && !isLoopback(url)) {
    problems.push('BASE_URL: на боевом сервере нужен https://, иначе пароли идут по сети открыто')
  }
  return url
}
