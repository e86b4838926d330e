import type { Imported, Missed } from '../../flows/platforms/import-provider.ts'
import { say } from '../../texts/index.ts'

/** Why a server's description was not taken: which address, and what was found there. */
export function importFault(server: string, imported: Imported & { ok: false }): string {
  const { fault } = imported
  if (fault === 'issuer_unfound')
    return say(fault, { found: imported.asked.map(missed).join('. ') }).title
  if (fault === 'issuer_mismatch') {
    const { issuer, url, named } = imported
    return say(fault, { issuer, url, named: named.slice(0, LONGEST) }).title
  }
  if (fault === 'issuer_unnamed') return say(fault, { url: imported.url }).title
  return say(fault, { platform: { title: server } }).title
}

const LONGEST = 200

const missed = ({ url, code, status }: Missed): string =>
  `${url}: ${WORDS[code] ?? (status ? `ответ HTTP ${status}` : 'прочитать ответ не удалось')}`

/** By the client's codes; anything else is a status, or nothing that can be told. */
const WORDS: Readonly<Record<string, string>> = {
  bad_response: 'ответ не JSON',
  redirected: 'перенаправляет на другой адрес',
  rate_limited: 'сервер просит подождать (HTTP 429)',
  tls_error: 'сертификату сервера мы не доверяем',
  network: 'сервер не отвечает',
  timeout: 'сервер не отвечает',
  no_way_out: 'запрос не ушёл с сервера EvoSync',
}
