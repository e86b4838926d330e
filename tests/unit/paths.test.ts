import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ownPath } from '../../app/web/kit/paths.ts'

const ORIGIN = 'https://shop.example.ru'

describe('own paths are taken', () => {
  test.each([
    ['/', '/'],
    ['/sync', '/sync'],
    ['/vk?error=no_code', '/vk?error=no_code'],
    ['/sync/runs/7.csv?a=1&b=/c', '/sync/runs/7.csv?a=1&b=/c'],
    ['/a/../sync', '/sync'],
    ['/sync#top', '/sync'],
    ['/login?next=https://evil.example', '/login?next=https://evil.example'],
    ['/товары', '/%D1%82%D0%BE%D0%B2%D0%B0%D1%80%D1%8B'],
    ['/a//b', '/a//b'],
    ['/javascript:alert(1)', '/javascript:alert(1)'],
    [`/${'a'.repeat(511)}`, `/${'a'.repeat(511)}`],
  ])('%s', (text, path) => {
    expect(ownPath(text)).toBe(path)
  })
})

describe('everything else is not', () => {
  test.each([
    ['another host', '//evil.example'],
    ['another host, three slashes', '///evil.example'],
    ['another host behind a backslash', '/\\evil.example'],
    ['another host behind two', '\\\\evil.example'],
    ['a backslash further on', '/a\\b'],
    ['an encoded backslash', '/%5cevil.example'],
    ['an encoded backslash in capitals', '/%5Cevil.example'],
    ['a tab', '/\t/evil.example'],
    ['an encoded tab', '/%09/evil.example'],
    ['a line break', '/\r\nSet-Cookie: a=b'],
    ['an encoded line break', '/%0d%0aSet-Cookie:a=b'],
    ['an encoded carriage return', '/%0d'],
    ['an encoded NUL', '/%00'],
    ['a space', '/ /evil.example'],
    ['a no-break space', '/\u00a0/evil.example'],
    ['a line separator', '/\u2028/evil.example'],
    ['a control character', '/\u0085'],
    ['steps up to another host', '/..//evil.example'],
    ['a step on the spot to another host', '/.//evil.example'],
    ['encoded steps up to another host', '/%2e%2e//evil.example'],
    ['an absolute address', 'https://evil.example'],
    ['our own host, spelt out', ORIGIN],
    ['another scheme', 'javascript:alert(1)'],
    ['a scheme without slashes', 'https:evil.example'],
    ['a relative path', 'sync'],
    ['a query alone', '?a=1'],
    ['nothing', ''],
    ['a space before it', ' /sync'],
    ['more than 512 characters', `/${'a'.repeat(512)}`],
    ['more than 512 characters once it is written out', `/${'я'.repeat(100)}`],
  ])('%s', (_what, text) => {
    expect(ownPath(text)).toBeUndefined()
  })

  test.each([[undefined], [null], [7], [['/sync']], [{ toString: () => '/sync' }]])(
    'no text: %j',
    (value) => {
      expect(ownPath(value)).toBeUndefined()
    },
  )

  test('any encoded control character', () => {
    const codes = [...Array.from({ length: 32 }, (_, code) => code), 127]
    const encoded = codes.map((code) => `/a%${code.toString(16).padStart(2, '0')}`)

    expect(encoded.filter((text) => ownPath(text) !== undefined)).toEqual([])
  })
})

describe('whatever is sent', () => {
  const nasty = fc
    .array(
      fc.constantFrom(
        '/',
        '\\',
        '.',
        '%',
        '2f',
        '5c',
        '09',
        '0d',
        '@',
        ':',
        '?',
        '#',
        '\t',
        'evil',
        'я',
        '[',
        '\u3002',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''))
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl(),
    nasty.map((text) => `/${text}`),
  )

  test('a browser stays with us', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const path = ownPath(text)
        fc.pre(path !== undefined)

        expect(path).toMatch(/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/)
        expect(new URL(path, `${ORIGIN}/vk/connect`).origin).toBe(ORIGIN)
      }),
      { numRuns: 2000 },
    )
  })

  test('a path that was taken is taken again, unchanged', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const path = ownPath(text)
        fc.pre(path !== undefined)

        expect(ownPath(path)).toBe(path)
      }),
      { numRuns: 2000 },
    )
  })

  test('what is taken fits into the 512 characters its column has', () => {
    const path = ownPath(`/${'я'.repeat(499)}`)

    expect(path?.length ?? 0).toBeLessThanOrEqual(512)
  })
})
