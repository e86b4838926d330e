import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type FailureKind, ProviderError } from '../../app/errors.ts'
import { outageLetter, outageWords } from '../../app/flows/notices/outage-letters.ts'
import { causeOf, MEANINGS, STANDINGS } from '../../app/flows/notices/failure-reason.ts'
import { troubleLetter } from '../../app/flows/notices/trouble-letters.ts'
import { headline } from '../../app/flows/notices/trouble-words.ts'
import { isPause, verdictOf } from '../../app/flows/connections/health-verdict.ts'
import { vk } from '../../app/providers/vk/index.ts'
import { isTextCode, sayAny } from '../../app/texts/index.ts'
import { createFormat } from '../../app/web/kit/format.ts'
import { STANDING_BADGES, UNTOLD } from '../../app/web/kit/standing-badges.ts'
import { BADGES, stateOf } from '../../app/web/kit/state.ts'
import { connection } from './connection.ts'

const provider = vk.create({ CLIENT_ID: '51', CLIENT_SECRET: 's' }, 'http://localhost:3000')
const at = { format: createFormat('Europe/Moscow'), now: new Date('2026-11-20T14:30:00+03:00') }
const SILENCE = /не отвеча/i

/** Nothing came back, or a failing server's word. */
const SILENT = ['server_error', 'timeout', 'network', 'circuit_open']
const KINDS: readonly FailureKind[] = ['configuration', 'temporary']

/** Whatever a check can end in that is no word of the grant: each code of the wire but that word, and one nobody knows. */
const failures = [...Object.keys(MEANINGS), 'nobody_knows_it']
  .filter((code) => code !== 'invalid_grant')
  .flatMap((code) => KINDS.map((kind) => new ProviderError(code, { code, kind })))

describe.each(failures.map((one) => [one.code, one.kind, one] as const))(
  'a check that meets %s (%s)',
  (code, _kind, failure) => {
    const { health, reason } = verdictOf(connection({}), failure)
    const state = stateOf(
      provider,
      connection({ health, reason }),
      { name: 'closed', failed: 0 },
      at,
    )

    test('leaves a connection standing by a code that has words and a badge of its own', () => {
      expect(health).toBe('unreachable')
      expect(STANDINGS).toContain(reason)
      expect(state).toMatchObject({ name: 'down', code: reason })
      expect(state.badge).not.toBe(UNTOLD)
    })

    test('says that nobody answers where nobody did, and nowhere else', () => {
      const { title, why } = sayAny(state.code ?? 'http_404', provider, state.values)
      const said = [state.badge.word, title, why, headline(provider, reason ?? '')]

      for (const words of said) if (!SILENT.includes(code)) expect(words).not.toMatch(SILENCE)
      if (SILENT.includes(code)) expect(state.badge).toBe(BADGES.down)
    })

    test('is called by the same name in the middle of the work', () => {
      if (!isPause(failure)) expect(causeOf(failure).code).toBe(reason)
    })
  },
)

test('an outage without words is one all the same', () => {
  const failure = new ProviderError('odd', { code: 'odd', kind: 'temporary', outage: true })

  expect(verdictOf(connection({}), failure).reason).toBe('provider_unavailable')
  expect(causeOf(failure).code).toBe('provider_unavailable')
})

describe.each(STANDINGS)('standing by %s', (code) => {
  const silent = code === 'provider_unavailable'
  const to = { email: 'marina@example.ru', name: 'Марина' }
  const place = { baseUrl: 'https://shop.example.ru', timeZone: 'Europe/Moscow' }
  const troubled = { provider, connection: connection({}), code }

  test('has words', () => {
    expect(code).toSatisfy(isTextCode)
  })

  test('letters about one and about several name no silence that was none', () => {
    const down = { provider, code, count: 3, detail: undefined }
    const letters = [
      troubleLetter(place, to, troubled),
      troubleLetter(place, to, troubled, troubled),
      outageLetter(place, to, down, down),
    ]

    for (const { subject, text } of letters) {
      if (silent) expect(subject).toMatch(SILENCE)
      else expect(`${subject} ${text}`).not.toMatch(SILENCE)
    }
    expect(SILENCE.test(outageWords(provider, code))).toBe(silent)
  })

  test('a silent one among others does not make them silent', () => {
    const [one, other] = [troubled, { ...troubled, code: 'provider_unavailable' }]

    expect(SILENCE.test(troubleLetter(place, to, one, other).subject)).toBe(silent)
  })
})

test('every badge is explained by the help, which people are sent to', () => {
  const help = readFileSync(path.join(import.meta.dirname, '../../views/pages/help.ejs'), 'utf8')
  const terms = [...help.matchAll(/<dt>(.*?)<\/dt>/g)].flatMap(([, term = '']) => term.split(', '))

  for (const { word } of [...Object.values(BADGES), ...Object.values(STANDING_BADGES), UNTOLD])
    expect(terms).toContain(word)
})
