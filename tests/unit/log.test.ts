import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../app/errors.ts'
import { clean, createLog, type LogLevel } from '../../app/observe/log.ts'

describe('secrets', () => {
  test.each([
    'password',
    'currentPassword',
    'access_token',
    'refreshToken',
    'TOKEN_KEYS',
    'client_secret',
    'SESSION_SECRET',
    'code_verifier',
    'cookie',
    'set-cookie',
    'Authorization',
    'X-Authorization',
    'code',
    'state',
    'sid',
    'sessionId',
    'resetLink',
  ])('what is called %s is hidden, wherever it stands', (name) => {
    const said = { [name]: 'hush', deep: { deeper: [{ [name]: { value: 'hush' } }] } }

    const text = JSON.stringify(clean(said))

    expect(text).not.toContain('hush')
    expect(text).toContain('[hidden]')
  })

  test.each(['provider', 'reason', 'status', 'unicode', 'estate', 'user', 'connection'])(
    'what is called %s is told',
    (name) => {
      expect(clean({ [name]: 'vk' })).toEqual({ [name]: 'vk' })
    },
  )

  test('the fourth level is told, below it nothing at all', () => {
    expect(clean({ a: { b: [{ c: 'told', d: { e: 'hush' } }] } })).toEqual({
      a: { b: [{ c: 'told', d: '…' }] },
    })
  })

  test('query strings are cut off in every text', () => {
    const said = {
      url: 'https://api.vk.com/method/users.get?access_token=hush&v=5.131 and on',
      list: ['/vk/callback?code=hush'],
    }

    expect(clean(said)).toEqual({
      url: 'https://api.vk.com/method/users.get?… and on',
      list: ['/vk/callback?…'],
    })
  })
})

describe('errors', () => {
  test('are told with name, message, stack, our code and the cause of the cause', () => {
    const root = new TypeError('socket closed')
    const cause = new Error('GET /token?secret=hush failed', { cause: root })
    const failure = { code: 'network', kind: 'temporary' } as const
    const error = new ProviderError('no answer from /x?code=hush', failure, { cause })

    const said = clean({ error })

    expect(said).toMatchObject({
      error: {
        name: 'ProviderError',
        failure: 'network',
        message: 'no answer from /x?…',
        stack: expect.stringContaining('log.test.ts') as string,
        cause: {
          name: 'Error',
          message: 'GET /token?… failed',
          cause: { name: 'TypeError', message: 'socket closed' },
        },
      },
    })
    expect(JSON.stringify(said)).not.toContain('hush')
  })

  test('what else hangs on an error stays out', () => {
    const error = Object.assign(new Error('refused'), { response: { body: 'hush' } })

    expect(JSON.stringify(clean({ error }))).not.toContain('hush')
  })

  test('an error that is its own cause does not go on for ever', () => {
    const error = new Error('round')
    error.cause = error

    expect(() => clean({ error })).not.toThrow()
  })
})

describe('values of every kind', () => {
  test('an object that holds itself does not go on for ever', () => {
    const circle: Record<string, unknown> = { name: 'circle' }
    circle.self = circle
    circle.list = [circle]

    expect(linesOf((log) => log.info('seen', { circle }))).toHaveLength(1)
  })

  test('an object of a thousand levels costs no more than four', () => {
    let deep: Record<string, unknown> = {}
    for (let level = 0; level < 1000; level += 1) deep = { deep }

    expect(linesOf((log) => log.info('seen', deep))).toHaveLength(1)
  })

  test('a moment is told in UTC', () => {
    expect(clean({ at: new Date(Date.UTC(2026, 10, 20, 11, 32)) })).toEqual({
      at: '2026-11-20T11:32:00.000Z',
    })
  })

  test('a date that is none does not break the log', () => {
    expect(() => clean({ at: new Date(NaN) })).not.toThrow()
  })

  test.each([undefined, null, 0, true, 10n, Symbol('s'), () => 1, new Map([['a', 1]])])(
    'the value %s does not break the log',
    (value) => {
      expect(linesOf((log) => log.info('seen', { value }))).toHaveLength(1)
    },
  )
})

describe('lines', () => {
  test('an event is one line of JSON with level, time and fields', () => {
    const [line = ''] = linesOf((log) => log.warn('refresh_failed', { connection: 7 }))

    expect(JSON.parse(line)).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      event: 'refresh_failed',
      connection: 7,
    })
  })

  test('line breaks in what people send do not make a line of their own', () => {
    const name = 'Marina\r\n{"level":"error","event":"forged"}\u2028\u0085'

    const lines = linesOf((log) => log.info('registered', { name, [name]: name }))

    expect(lines).toHaveLength(1)
    expect(lines[0]?.trimEnd()).not.toMatch(/[\r\n]/)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'registered', name })
  })

  test.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ] as const)('level %s lets %i of four lines through', (level, count) => {
    const lines = linesOf((log) => {
      log.debug('one')
      log.info('two')
      log.warn('three')
      log.error('four')
    }, level)

    expect(lines).toHaveLength(count)
  })
})

function linesOf(
  work: (log: ReturnType<typeof createLog>) => void,
  level: LogLevel = 'debug',
): string[] {
  const lines: string[] = []
  work(createLog(level, { write: (line) => void lines.push(line) }))
  return lines
}
