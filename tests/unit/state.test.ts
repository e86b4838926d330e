import { describe, expect, test, vi } from 'vitest'
import type { BreakerState } from '../../app/http/breaker.ts'
import { vk } from '../../app/providers/vk/index.ts'
import { isTextCode, sayAny } from '../../app/texts/index.ts'
import { createFormat } from '../../app/web/kit/format.ts'
import { BADGES, stateOf } from '../../app/web/kit/state.ts'
import { connection } from './connection.ts'

const NOW = new Date('2026-11-20T14:30:00+03:00')
const DAY_MS = 24 * 3600_000
const CLOSED: BreakerState = { name: 'closed', failed: 0 }
const format = createFormat('Europe/Moscow')

const configured = vk.create({ CLIENT_ID: '51', CLIENT_SECRET: 's' }, 'http://localhost:3000')
const bare = vk.create({}, 'http://localhost:3000')

describe('the badges', () => {
  // The pages' design, section 2.1.
  test.each([
    ['off', 'Не подключено', 'secondary', 'bi-dash-circle'],
    ['ok', 'Подключено', 'success', 'bi-check-circle-fill'],
    ['revoked', 'Нет доступа', 'danger', 'bi-x-octagon-fill'],
    ['attention', 'Требует внимания', 'warning', 'bi-exclamation-triangle-fill'],
    ['down', 'Сервис не отвечает', 'warning', 'bi-cloud-slash-fill'],
    ['unset', 'Не настроено', 'secondary', 'bi-gear-fill'],
  ] as const)('%s is «%s»', (name, word, tone, icon) => {
    expect(BADGES[name]).toMatchObject({ word, tone })
    expect(BADGES[name].icon.replace('-fill', '')).toBe(icon.replace('-fill', ''))
  })
})

describe('without a connection', () => {
  test('a platform with an application is off, one without is unset', () => {
    expect(stateOf(configured, undefined, CLOSED, at())).toMatchObject({ name: 'off' })
    expect(stateOf(bare, undefined, CLOSED, at())).toMatchObject({ name: 'unset' })
  })

  test('there is nothing to say', () => {
    expect(stateOf(configured, undefined, CLOSED, at())).not.toHaveProperty('code')
  })
})

describe('with a connection', () => {
  test.each([
    ['online', undefined, 'ok', undefined],
    ['online', 'other_account', 'attention', 'other_account'],
    ['online', 'captcha', 'attention', 'captcha'],
    ['revoked', 'token_revoked', 'revoked', 'token_revoked'],
    ['revoked', 'token_expired', 'revoked', 'token_expired'],
    ['revoked', undefined, 'revoked', 'token_revoked'],
    ['revoked', 'nobody knows this code', 'revoked', 'token_revoked'],
    ['permission', 'validation_required', 'attention', 'validation_required'],
    ['permission', undefined, 'attention', 'insufficient_scope'],
    ['unreachable', 'provider_unavailable', 'down', 'provider_unavailable'],
    ['unreachable', 'tls_error', 'down', 'tls_error'],
    ['unreachable', 'odd_answer', 'down', 'odd_answer'],
    ['unreachable', undefined, 'down', 'unknown_trouble'],
    ['unreachable', 'nobody knows this code', 'down', 'unknown_trouble'],
    ['online', 'nobody knows this code', 'ok', undefined],
  ] as const)(
    'that is %s because of %s it is %s, with the words of %s',
    (health, reason, name, code) => {
      const state = stateOf(configured, connection({ health, reason }), CLOSED, at())

      expect(state.name).toBe(name)
      expect(state.code).toBe(code)
      if (name !== 'down') expect(state.badge).toBe(BADGES[name])
    },
  )

  test('a lost application takes no connection away: a pasted token needs none', () => {
    expect(stateOf(bare, connection({}), CLOSED, at()).name).toBe('ok')
  })
})

describe('a connection that works', () => {
  test.each([
    ['a right is missing', { scope: ['groups'] }, 'insufficient_scope'],
    ['its access ends in six days', { expiresAt: inDays(6) }, 'expires_soon'],
    ['its access ended yesterday', { expiresAt: inDays(-1) }, 'expires_soon'],
    [
      'its refresh token ends in six days',
      { renewable: true, refreshExpiresAt: inDays(6) },
      'expires_soon',
    ],
    [
      'a refresh that is due this moment has failed',
      { renewable: true, expiresAt: inDays(1), refreshDueAt: NOW, refreshAfter: inDays(1) },
      'refresh_failed',
    ],
    [
      'a refresh that is due has failed',
      { renewable: true, expiresAt: inDays(1), refreshDueAt: inDays(-1), refreshAfter: inDays(1) },
      'refresh_failed',
    ],
  ])('asks for attention when %s', (_what, changes, code) => {
    const state = stateOf(configured, connection(changes), CLOSED, at())

    expect(state).toMatchObject({ name: 'attention', code })
  })

  test.each([
    ['its access has no end', {}],
    ['its access ends in eight days', { expiresAt: inDays(8) }],
    ['its access ends soon and we can renew it', { renewable: true, expiresAt: inDays(1) }],
    ['the platform does not tell its rights', { scope: undefined }],
    ['only a right nobody needs is missing', { scope: ['market', 'groups'] }],
    [
      'a refresh failed that is not due any more',
      { renewable: true, expiresAt: inDays(1), refreshDueAt: inDays(1), refreshAfter: inDays(1) },
    ],
  ])('is left in peace when %s', (_what, changes) => {
    expect(stateOf(configured, connection(changes), CLOSED, at()).name).toBe('ok')
  })
})

describe('when several things apply', () => {
  const expiring = { expiresAt: inDays(1), scope: ['groups'] }

  test.each([
    ['revoked before attention', { health: 'revoked', ...expiring }, 'revoked'],
    ['down before attention', { health: 'unreachable', ...expiring }, 'down'],
    ['attention before ok', { health: 'online', ...expiring }, 'attention'],
  ] as const)('%s', (_what, changes, name) => {
    expect(stateOf(configured, connection(changes), CLOSED, at()).name).toBe(name)
  })

  test('a missing right before an end that is near', () => {
    expect(stateOf(configured, connection(expiring), CLOSED, at()).code).toBe('insufficient_scope')
  })

  test('what the last check said before what we work out', () => {
    const said = connection({ ...expiring, reason: 'other_account' })

    expect(stateOf(configured, said, CLOSED, at()).code).toBe('other_account')
  })
})

describe('the words', () => {
  test('name the rights that are missing', () => {
    const state = stateOf(configured, connection({ scope: ['groups'] }), CLOSED, at())

    expect(state.values.scopes).toBe('«Товары»')
  })

  test('name all that are needed where only the platform knows which are missing', () => {
    const silent = connection({ health: 'permission', scope: undefined })

    expect(stateOf(configured, silent, CLOSED, at()).values.scopes).toBe('«Товары», «Сообщества»')
  })

  test('name none where all were granted and the platform refuses all the same', () => {
    const state = stateOf(configured, connection({ health: 'permission' }), CLOSED, at())

    expect(state.values.scopes).toBe('сервис не говорит, каких именно')
  })

  test('tell since when and until when', () => {
    const known = connection({
      health: 'unreachable',
      lastOnlineAt: new Date('2026-11-20T09:12:00+03:00'),
      expiresAt: new Date('2026-11-22T10:05:00+03:00'),
    })

    const { values } = stateOf(configured, known, CLOSED, at())

    expect(values.since).toBe('20 ноября, 09:12')
    expect(plain(values.expiresAt)).toBe('22 ноября 2026 г. в 10:05')
  })

  test('tell the end that counts: the refresh token’s where there is one', () => {
    const known = connection({
      renewable: true,
      expiresAt: new Date('2026-11-22T10:05:00+03:00'),
      refreshExpiresAt: new Date('2026-12-01T10:05:00+03:00'),
    })

    const { values } = stateOf(configured, known, CLOSED, at())

    expect(plain(values.expiresAt)).toBe('1 декабря 2026 г. в 10:05')
  })

  test('do without what is not known', () => {
    const { values } = stateOf(configured, connection({ lastOnlineAt: undefined }), CLOSED, at())

    const said = (['token_revoked', 'token_expired', 'rate_limited'] as const).map((code) => {
      const { why, what } = sayAny(code, configured, values)
      return `${why} ${what}`
    })
    expect(said[0]).toContain('Данные не обновляются с последней проверки.')
    expect(said[1]).toContain('Доступ действовал до неизвестного срока.')
    expect(said[2]).toContain('Ничего: мы повторим через несколько минут.')
  })

  test('tell when the next check is', () => {
    const known = connection({ health: 'unreachable', nextCheckAt: inMinutes(2) })

    const { values } = atNoon(() => stateOf(configured, known, CLOSED, at()))

    expect(plain(values.retryAt)).toBe('через 2 минуты')
  })

  test('take the moment of an open breaker before that of the next check', () => {
    const known = connection({ health: 'unreachable', nextCheckAt: inMinutes(2) })
    const open: BreakerState = { name: 'open', until: inMinutes(5) }

    const { values } = atNoon(() => stateOf(configured, known, open, at()))

    expect(plain(values.retryAt)).toBe('через 5 минут')
  })

  test('count from the moment the page is made for, not from the clock on the wall', () => {
    const known = connection({ health: 'unreachable', nextCheckAt: inMinutes(2) })

    const { values } = stateOf(configured, known, CLOSED, at())

    expect(plain(values.retryAt)).toBe('через 2 минуты')
  })

  test('fill every gap of every state', () => {
    for (const health of ['online', 'revoked', 'permission', 'unreachable'] as const) {
      for (const reason of REASONS) {
        const { code, values } = stateOf(configured, connection({ health, reason }), CLOSED, at())
        const { title, why, what } = sayAny(code ?? 'http_404', configured, values)

        expect(`${title} ${why} ${what}`).not.toMatch(/[{}]|undefined/)
      }
    }
  })
})

const REASONS = [
  undefined,
  'token_revoked',
  'token_expired',
  'expires_soon',
  'refresh_failed',
  'user_blocked',
  'captcha',
  'rate_limited',
  'provider_unavailable',
  'tls_error',
  'invalid_client',
  'app_not_installed',
  'no_stores',
].filter((reason) => reason === undefined || isTextCode(reason))

const at = () => ({ format, now: NOW })

/** With the clock on the wall at the page's moment. */
function atNoon<T>(work: () => T): T {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  try {
    return work()
  } finally {
    vi.useRealTimers()
  }
}

const inMinutes = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)

function inDays(days: number): Date {
  return new Date(NOW.getTime() + days * DAY_MS)
}

const plain = (text = '') => text.replaceAll('\u00a0', ' ')
