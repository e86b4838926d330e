import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VaultError } from '../../app/errors.ts'
import { createVault, type VaultKey } from '../../app/crypto/vault.ts'

const LABEL = 'connections:1:vk:sealed_tokens'
const [older, newer] = [keyOf('old', 1), keyOf('new', 2)]
const vault = createVault([older])

test('what is sealed opens again, whatever it is and whatever it is bound to', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, label) => {
      expect(vault.open(vault.seal(text, label), label)).toBe(text)
    }),
  )
})

test('sealing twice gives two texts', () => {
  expect(vault.seal('token', LABEL)).not.toBe(vault.seal('token', LABEL))
})

test('a sealed text shows its key and nothing of what is in it', () => {
  const sealed = vault.seal('vk1.a.secret', LABEL)

  expect(sealed).toMatch(/^v1\.old(\.[\w-]+){3}$/)
  expect(sealed).not.toContain('secret')
  expect(Buffer.from(sealed.split('.')[4] ?? '', 'base64url').toString()).not.toContain('secret')
})

test('the vector has 96 bits and the tag 128', () => {
  const [, , vector = '', tag = ''] = vault.seal('token', LABEL).split('.')

  expect(Buffer.from(vector, 'base64url')).toHaveLength(12)
  expect(Buffer.from(tag, 'base64url')).toHaveLength(16)
})

test('the empty text can be sealed too', () => {
  expect(vault.open(vault.seal('', LABEL), LABEL)).toBe('')
})

describe('tampering', () => {
  test.each([
    ['vector', 2],
    ['tag', 3],
    ['text', 4],
  ])('one flipped bit anywhere in the %s is noticed', (_name, part) => {
    const sealed = vault.seal('vk1.a.secret', LABEL)

    for (const changed of withFlippedBits(sealed, part)) {
      expect(() => vault.open(changed, LABEL)).toThrow(VaultError)
    }
  })

  test.each([
    ['a tag cut to four bytes', (parts: string[]) => parts.with(3, (parts[3] ?? '').slice(0, 6))],
    ['a text cut short', (parts: string[]) => parts.with(4, (parts[4] ?? '').slice(0, 4))],
    ['an unknown version', (parts: string[]) => parts.with(0, 'v2')],
    ['an unknown key', (parts: string[]) => parts.with(1, 'k9')],
    ['no vector', (parts: string[]) => parts.with(2, '')],
    ['no tag', (parts: string[]) => parts.with(3, '')],
    ['a part too few', (parts: string[]) => parts.slice(0, 4)],
    ['a part too many', (parts: string[]) => [...parts, '']],
    ['nothing at all', () => ['']],
  ])('%s does not open', (_what, change) => {
    const parts = vault.seal('vk1.a.secret', LABEL).split('.')

    expect(() => vault.open(change(parts).join('.'), LABEL)).toThrow(VaultError)
  })

  test('a key that is missing is named, so that somebody can look for it', () => {
    const sealed = vault.seal('token', LABEL)

    expect(errorOf(() => createVault([newer]).open(sealed, LABEL)).message).toBe('no key old')
  })

  test('the failure tells nothing of the secret or the sealed text', () => {
    const sealed = vault.seal('vk1.a.secret', LABEL)

    const error = errorOf(() => vault.open(sealed, 'elsewhere'))

    expect(error.message).toBe('sealed text does not open')
  })
})

test.each(['connections:2:vk:sealed_tokens', 'connections:1:wix:sealed_tokens', '', `${LABEL} `])(
  'a text moved to «%s» does not open',
  (label) => {
    const sealed = vault.seal('token', LABEL)

    expect(() => vault.open(sealed, label)).toThrow(VaultError)
  },
)

describe('keys', () => {
  test('another key of the same name does not open', () => {
    const sealed = vault.seal('token', LABEL)
    const stranger = createVault([keyOf('old', 9)])

    expect(() => stranger.open(sealed, LABEL)).toThrow(VaultError)
  })

  test('of two keys the new one seals and both open', () => {
    const old = vault.seal('token', LABEL)
    const both = createVault([newer, older])

    const fresh = both.seal('token', LABEL)

    expect(fresh).toMatch(/^v1\.new\./)
    expect(both.open(fresh, LABEL)).toBe('token')
    expect(both.open(old, LABEL)).toBe('token')
    expect(() => vault.open(fresh, LABEL)).toThrow(VaultError)
  })

  test('a text relabelled with the other key does not open', () => {
    const both = createVault([newer, older])
    const sealed = both.seal('token', LABEL).replace('.new.', '.old.')

    expect(() => both.open(sealed, LABEL)).toThrow(VaultError)
  })

  test('ids are told in their order', () => {
    expect(createVault([newer, older]).keyIds).toEqual(['new', 'old'])
  })
})

function keyOf(id: string, byte: number): VaultKey {
  return { id, bytes: Buffer.alloc(32, byte) }
}

function withFlippedBits(sealed: string, part: number): string[] {
  const parts = sealed.split('.')
  const bytes = Buffer.from(parts[part] ?? '', 'base64url')
  return [...bytes].flatMap((byte, at) =>
    [0x01, 0x80].map((bit) => {
      const changed = Buffer.from(bytes)
      changed[at] = byte ^ bit
      return parts.with(part, changed.toString('base64url')).join('.')
    }),
  )
}

function errorOf(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was thrown')
}
