import { setTimeout as pause } from 'node:timers/promises'
import { verify } from '@node-rs/argon2'
import fc from 'fast-check'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { createPasswords, lengthOf } from '../../app/crypto/passwords.ts'

// Test files share modules: ours may have been loaded with the uncounted library, and must not stay with this one.
vi.hoisted(() => vi.resetModules())
afterAll(() => vi.resetModules())

// The real library, only counted: that a comparison is made cannot be seen otherwise than by its time.
const work = vi.hoisted(() => ({ running: 0, most: 0, held: Promise.resolve() }))
vi.mock(import('@node-rs/argon2'), async (load) => {
  const argon2 = await load()
  const verify = vi.fn(async (...given: Parameters<typeof argon2.verify>) => {
    work.running += 1
    work.most = Math.max(work.most, work.running)
    await work.held
    return await argon2.verify(...given).finally(() => (work.running -= 1))
  })
  return { ...argon2, verify }
})

const passwords = createPasswords(['evosync', 'эвосинк', 'evotor', 'Эвотор', 'vk', 'ВКонтакте'])

describe('hashes', () => {
  test('the right password matches, a wrong one does not', async () => {
    const hash = await passwords.hash('buket-utro-2490')

    expect(await passwords.matches('buket-utro-2490', hash)).toBe(true)
    expect(await passwords.matches('buket-utro-2491', hash)).toBe(false)
    expect(await passwords.matches('Buket-utro-2490', hash)).toBe(false)
    expect(await passwords.matches('buket-utro-2490 ', hash)).toBe(false)
    expect(await passwords.matches('', hash)).toBe(false)
  })

  test('are argon2id with 19 MiB and two passes', async () => {
    expect(await passwords.hash('buket-utro-2490')).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]+\$[^$]+$/,
    )
  })

  test('the same password has another hash every time', async () => {
    const [first, second] = await Promise.all([
      passwords.hash('buket-utro-2490'),
      passwords.hash('buket-utro-2490'),
    ])

    expect(first).not.toBe(second)
  })

  test('nothing is cut off at 72 bytes', async () => {
    const long = 'я'.repeat(72)
    const hash = await passwords.hash(`${long}1`)

    expect(await passwords.matches(`${long}1`, hash)).toBe(true)
    expect(await passwords.matches(`${long}2`, hash)).toBe(false)
    expect(await passwords.matches(long, hash)).toBe(false)
  })

  test('one letter in two ways of writing is one letter', async () => {
    const hash = await passwords.hash('лейкойёлка-2490'.normalize('NFD'))

    expect(await passwords.matches('лейкойёлка-2490'.normalize('NFC'), hash)).toBe(true)
  })

  test('whoever has none takes a comparison all the same, and does not match', async () => {
    for (const nobody of [null, undefined]) {
      vi.mocked(verify).mockClear()

      const matched = await passwords.matches('buket-utro-2490', nobody)

      expect(matched).toBe(false)
      expect(verify).toHaveBeenCalledTimes(1)
    }
  })

  test('nobody gets in with the password nobody has', async () => {
    expect(await passwords.matches('nobody has this password', null)).toBe(false)
  })

  test('many at once all come to an end, two at a time', async () => {
    const hash = await passwords.hash('buket-utro-2490')
    const tries = ['buket-utro-2490', 'wrong', 'buket-utro-2490', 'wrong', 'buket-utro-2490']

    let release: () => void = () => undefined
    work.held = new Promise((done) => (release = done))
    const matching = Promise.all(tries.map((one) => passwords.matches(one, hash)))
    await vi.waitUntil(() => work.running > 1, { timeout: 120_000 })
    await pause(50) // for a third that should not begin
    release()
    const matched = await matching

    expect(matched).toEqual([true, false, true, false, true])
    expect(work.most).toBe(2)
  })

  test('a hash that is none fails for itself, and the next one is served', async () => {
    const broken = Array.from({ length: 4 }, () => passwords.matches('x', 'no hash'))
    await Promise.allSettled(broken)

    expect(await passwords.matches('x', null)).toBe(false)
  })
})

describe('length is counted in characters', () => {
  test.each([
    ['eleven letters', 'букет-утро1', 'password_short'],
    ['twelve letters', 'букет-утро12', undefined],
    ['eleven letters, 22 code points', 'букетйййй-1'.normalize('NFD'), 'password_short'],
    ['eleven signs, four of them emoji', 'тюльпан🌷🌹🌻🌼', 'password_short'],
    ['twelve signs, five of them emoji', 'тюльпан🌷🌹🌻🌼🌸', undefined],
    ['128 letters, 256 bytes', varied(128), undefined],
    ['129 letters', varied(129), 'password_long'],
    ['128 letters, decomposed', varied(128).normalize('NFD'), undefined],
    ['eleven letters that grow when they become small', 'İstanbul-42', 'password_short'],
    ['128 letters, one of which grows', `İ${varied(127)}`, undefined],
  ])('%s', (_what, password, code) => {
    expect(passwords.weakness(password)).toBe(code)
  })

  test.each([
    ['', 0],
    ['утро', 4],
    ['й'.normalize('NFD'), 1],
    ['🌷', 1],
  ])('«%s» counts %i', (text, length) => {
    expect(lengthOf(text)).toBe(length)
  })
})

describe('the commonest are refused', () => {
  test.each([
    ['from the list', '123qweasdzxc'],
    ['from the list, in capitals', '123QWEasdZXC'],
    ['from the list, on the other layout', 'йцукенйцукен'],
    ['from the list, digits between letters, on the other layout', 'й1ц2у3к4е5н6'],
    ['from the list, only on the other layout', 'йфяцычувскам'],
    ['a Russian word twice', 'парольпароль'],
    ['a Russian word twice, on the other layout', 'gfhjkmgfhjkm'],
    ['the same in capitals', 'ПАРОЛЬпароль'],
    ['one sign', 'aaaaaaaaaaaa'],
    ['two signs', 'abababababab'],
    ['digits', '904871265340'],
    ['digits with signs', '12.03.1986-!'],
    ['our name', 'EvoSync-2026'],
    ['our name in Russian', 'эвосинк-2026'],
    ['the till', 'Эвотор20262026'],
    ['the till in Latin', 'evotor-evotor'],
    ['the network', 'вконтакте!!!'],
    ['the network in Latin', 'Vkontakte2026'],
    ['words one after another', 'admin-password-1'],
    ['decomposed', 'пароль-йцукен'.normalize('NFD')],
  ])('%s: %s', (_what, password) => {
    expect(passwords.weakness(password)).toBe('password_common')
  })

  test.each([
    'buket-utro-2490',
    'корова съела сено',
    'кяякююкякяюю',
    'Zq8!rTp2#LmX',
    'эвотор и роза 60',
  ])('%s will do', (password) => {
    expect(passwords.weakness(password)).toBeUndefined()
  })

  test('so is one made of the person’s own name and address', () => {
    const about = ['Марина', 'm.kovaleva']

    expect(passwords.weakness('Марина-m.kovaleva-1', about)).toBe('password_common')
    expect(passwords.weakness('марина19861986', about)).toBe('password_common')
    expect(passwords.weakness('марина и фиалки', about)).toBeUndefined()
    expect(passwords.weakness('Марина-m.kovaleva-1')).toBeUndefined()
  })

  test('a name of three letters counts, one of two spoils nothing', () => {
    expect(passwords.weakness('аня-2490-аня!', ['Аня'])).toBe('password_common')
    expect(passwords.weakness('юл-24-90-юл-7', ['Юл', ''])).toBeUndefined()
  })

  test('a name within a name is no way around', () => {
    expect(passwords.weakness('марина-123456', ['Мар', 'Марина'])).toBe('password_common')
  })
})

test('whatever is typed, judging it does not fail', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect([undefined, 'password_short', 'password_long', 'password_common']).toContain(
        passwords.weakness(text, [text.slice(0, 5)]),
      )
    }),
  )
})

/** So many different-looking Russian letters. */
function varied(length: number): string {
  return Array.from({ length }, (_, at) => 'абвгдежзийклмнопрст'[(at * 7) % 19]).join('')
}
