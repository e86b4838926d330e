import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../app/config/index.ts'
import { ConfigError } from '../../../app/errors.ts'
import { platforms } from '../../../app/providers/index.ts'
import { load, problemsOf } from '../settings.ts'

describe('an environment with nothing but secrets', () => {
  test('serves this machine alone, from SQLite', () => {
    const config = load()

    expect(config).toMatchObject({
      production: false,
      deployEnv: 'development',
      baseUrl: 'http://localhost:3000',
      secure: false,
      host: '127.0.0.1',
      port: 3000,
      trustProxy: undefined,
      database: { client: 'sqlite', file: 'db/evosync.sqlite' },
      registration: 'first',
      timeZone: 'Europe/Moscow',
      healthCheckCron: '*/5 * * * *',
      smtp: undefined,
      logLevel: 'info',
      allowedHosts: [],
    })
  })

  test('BASE_URL follows the port', () => {
    expect(load({ PORT: '8080' })).toMatchObject({ port: 8080, baseUrl: 'http://localhost:8080' })
  })
})

test('every problem is told at once, and in one message', () => {
  const environment = {
    BASE_URL: 'ftp://shop.example.ru',
    PORT: 'many',
    TIME_ZONE: 'Mars/Phobos',
    HEALTH_CHECK_CRON: 'often',
    VK_AUTH: 'foo',
    EVOTOR_API_URL: 'nowhere',
  }

  const start = () => loadConfig(environment, platforms)

  expect(start).toThrow(ConfigError)
  for (const name of ['SESSION_SECRET', 'TOKEN_KEYS', ...Object.keys(environment)]) {
    expect(start).toThrow(new RegExp(`^${name}: `, 'm'))
  }
})

test('one fault is one problem', () => {
  expect(problemsOf({ TIME_ZONE: 'Mars/Phobos' })).toHaveLength(1)
})

test.each(['', ' ', '\t\n'])('an empty variable (%j) counts as unset', (empty) => {
  const config = load({
    PORT: empty,
    DATABASE_URL: empty,
    REGISTRATION: empty,
    VK_AUTH: empty,
    EVOTOR_CA_FILE: empty,
    OUTBOUND_ALLOW: empty,
  })

  expect(config.port).toBe(3000)
  expect(config.registration).toBe('first')
  expect(config.database.client).toBe('sqlite')
  expect(config.platforms.vk).toEqual({})
})

test('blanks around a value do not count', () => {
  expect(load({ PORT: ' 8080 ', TIME_ZONE: 'Asia/Omsk\n' })).toMatchObject({
    port: 8080,
    timeZone: 'Asia/Omsk',
  })
})

test.each([
  ['PORT', ['0', '1', '65535']],
  ['REGISTRATION', ['open', 'first', 'closed']],
  ['LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent']],
  ['DEPLOY_ENV', ['development', 'staging', 'production']],
  ['TIME_ZONE', ['Europe/Kaliningrad', 'Asia/Kamchatka', 'UTC']],
  ['SMTP_URL', ['smtp://mail.example.ru:587', 'smtps://a:b@mail.example.ru']],
])('%s takes each of %j', (name, values) => {
  expect(values.flatMap((value) => problemsOf({ [name]: value }))).toEqual([])
})

test.each([
  ['PORT', 'many'],
  ['PORT', '-1'],
  ['PORT', '65536'],
  ['PORT', '80.5'],
  ['REGISTRATION', 'everybody'],
  ['LOG_LEVEL', 'loud'],
  ['DEPLOY_ENV', 'prod'],
  ['TIME_ZONE', 'Moscow'],
  ['DATABASE_URL', 'mysql://db/evosync'],
  ['SMTP_URL', 'mail.example.ru'],
  ['HEALTH_CHECK_CRON', 'often'],
  ['OUTBOUND_ALLOW', 'mirror.example.ru'],
  ['TRUST_PROXY', 'a;b'],
  ['BASE_URL', 'shop.example.ru'],
  ['VK_AUTH', 'foo'],
  ['VK_TOKEN_METHOD', 'PUT'],
  ['VK_API_URL', 'api.vk.com'],
])('%s=%s is refused by name, in Russian', (name, value) => {
  const problems = problemsOf({ [name]: value })

  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(new RegExp(`^${name}: [^a-z]*[а-яё]`, 'i'))
})

describe('the role', () => {
  test('is all unless set', () => {
    expect(load().role).toBe('all')
    for (const ROLE of ['all', 'web', 'worker']) expect(load({ ROLE }).role).toBe(ROLE)
  })

  test('an unknown one is refused with those there are', () => {
    expect(problemsOf({ ROLE: 'server' })).toEqual(['ROLE: подходит одно из: all, web, worker'])
  })
})

describe('the pool', () => {
  const DATABASE_URL = 'postgres://evo@db.example.ru/evosync'

  test('has the limits that are set', () => {
    const set = { DATABASE_POOL_MAX: '3', DATABASE_STATEMENT_MS: '2000' }

    expect(load({ DATABASE_URL, ...set }).database).toMatchObject({
      pool: { max: 3, statementMs: 2000 },
    })
  })

  test.each(['POOL_MAX', 'ACQUIRE_MS', 'CONNECT_MS', 'IDLE_MS', 'STATEMENT_MS'])(
    'DATABASE_%s is a whole number within bounds',
    (name) => {
      for (const odd of ['0', '-1', 'many', '1.5', '99999999', '5s'])
        expect(problemsOf({ DATABASE_URL, [`DATABASE_${name}`]: odd })).toEqual([
          expect.stringMatching(`^DATABASE_${name}: нужно целое число от \\d+ до \\d+, пример: `),
        ])
    },
  )
})

describe('the database', () => {
  test.each(['postgres://evo@db.example.ru/evosync', 'postgresql://evo@db.example.ru/evosync'])(
    '%s is PostgreSQL',
    (url) => {
      expect(load({ DATABASE_URL: url }).database).toEqual({ client: 'postgres', url })
    },
  )

  test('a file of another name is SQLite', () => {
    const database = { client: 'sqlite', file: '/var/lib/evosync/shop.sqlite' }

    expect(load({ DATABASE_FILE: database.file }).database).toEqual(database)
  })
})

describe('the timetable', () => {
  test.each(['* * * * *', '*/5 * * * *', '0 9-18 * * 1-5', '*/15 * * * * *', '0 */5 * * * *'])(
    '«%s» is accepted',
    (cron) => {
      expect(load({ HEALTH_CHECK_CRON: cron }).healthCheckCron).toBe(cron)
    },
  )

  test.each([
    '* * * *',
    '* * * * * * *',
    '99 * * * *',
    '*/5 * * * often',
    'every 5 minutes please',
  ])('«%s» is refused', (cron) => {
    expect(problemsOf({ HEALTH_CHECK_CRON: cron })).toEqual([
      expect.stringMatching(/^HEALTH_CHECK_CRON: /),
    ])
  })
})

describe('the proxy in front', () => {
  test('a number is a number of hops', () => {
    expect(load({ TRUST_PROXY: '1' }).trustProxy).toBe(1)
  })

  test('addresses are a list', () => {
    expect(load({ TRUST_PROXY: 'loopback, 10.0.0.0/8,fd00::1' }).trustProxy).toEqual([
      'loopback',
      '10.0.0.0/8',
      'fd00::1',
    ])
  })

  test.each(['true', 'nginx', '10.0.0.0/99', '300.1.1.1', '1 2'])(
    '«%s», which Express would throw at, is refused',
    (value) => {
      expect(problemsOf({ TRUST_PROXY: value })).toEqual([expect.stringMatching(/^TRUST_PROXY: /)])
    },
  )
})

describe('letters', () => {
  test('come from our own host unless told otherwise', () => {
    const smtp = { SMTP_URL: 'smtp://mail.example.ru', BASE_URL: 'https://shop.example.ru' }

    expect(load(smtp).smtp?.from).toBe('EvoSync <no-reply@shop.example.ru>')
    expect(load({ ...smtp, MAIL_FROM: 'shop@example.ru' }).smtp?.from).toBe('shop@example.ru')
  })
})

test.each([
  ['DATABASE_URL', 'postgres://evosync:p/w@db:5432/evosync'],
  ['DATABASE_URL', 'postgres://db:port/evosync'],
  ['SMTP_URL', 'smtp://'],
  ['SMTP_URL', 'smtp://mail:port'],
  ['SMTP_URL', 'smtp://user:100%@mail'],
  ['EVOTOR_CA_FILE', '/no/such/file.pem'],
  ['EVOTOR_CA_FILE', '/'],
  ['PORT', '70000'],
  ['DATABASE_WAIT_SECONDS', 'long'],
])('%s=%s leads nowhere, and names itself alone', (name, value) => {
  expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))])
})
