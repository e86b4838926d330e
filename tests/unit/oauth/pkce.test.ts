import { expect, test } from 'vitest'
import { challengeOf, randomText } from '../../../app/oauth/pkce.ts'

test('the challenge is that of RFC 7636, appendix B', () => {
  expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  )
})

test('a verifier is 256 bits in 43 characters every platform takes', () => {
  const text = randomText()

  expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(Buffer.from(text, 'base64url')).toHaveLength(32)
})

test('no two are the same', () => {
  const texts = Array.from({ length: 1000 }, randomText)

  expect(new Set(texts).size).toBe(1000)
})
