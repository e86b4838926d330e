import { expect, test } from 'vitest'
import { claimsOf } from '../../../app/oauth/claims.ts'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('what a JWT says is read, in any alphabet', () => {
  expect(claimsOf(`${part({ alg: 'RS256' })}.${part({ sub: '7', name: 'Анна' })}.sig`)).toEqual({
    sub: '7',
    name: 'Анна',
  })
})

test.each([
  '',
  'opaque',
  'a.b',
  'a.b.c',
  `a.${part([1])}.c`,
  `a.${part(null)}.c`,
  `a.${part('x')}.c`,
])('«%s» says nothing that could be read as a claim', (token) => {
  expect(claimsOf(token)).not.toHaveProperty('sub')
})
