import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadConfig } from '../app/config/index.ts'
import { createContext } from '../app/context.ts'
import { register } from '../app/flows/accounts/register.ts'
import { platforms } from '../app/providers/index.ts'
import { freshSecrets } from '../app/config/secrets.ts'
import { serve } from '../app/serve.ts'
import { stagingsOf } from '../tests/simulators/all.ts'

/** The whole product with stand-ins for every platform, on SQLite in a temporary folder. Ctrl-C ends everything. */
const ACCOUNT = { name: 'Марина Ковалёва', email: 'marina@example.ru', password: 'buket-utro-2490' }
const USUAL_PORT = 3000
const CHECKS = '*/15 * * * * *'
/** What the till's copy shows when it says that something has changed. */
const HOOKS_TOKEN = randomBytes(24).toString('hex')
/** The community of Марина's with goods switched on. */
const COMMUNITY = 212_233
/** Her group at the other one. */
const GROUP = '70000004589201'
/** VK itself lets three through: a first run would take minutes to watch. */
const CALLS_A_SECOND = '10'

console.log('EvoSync: запускаем учебные копии сервисов…')
const folder = mkdtempSync(path.join(tmpdir(), 'evosync-demo-'))
const [stages, port] = await Promise.all([
  openStages(),
  freePort(Number(process.env.PORT ?? USUAL_PORT)),
])
const baseUrl = `http://localhost:${port}`
for (const { key, simulator } of stages) {
  simulator.redirectUris.push(`${baseUrl}/${key}/callback`)
  const hooks = { url: `${baseUrl}/webhooks/${key}`, token: HOOKS_TOKEN }
  if (key === 'evotor') Object.assign(simulator, { hooks })
}
const addressOf = (wanted: string) =>
  stages.find(({ key }) => key === wanted)?.simulator.url ?? baseUrl
const variables = stages.flatMap(({ simulator }) => Object.entries(simulator.variables()))

console.log('EvoSync: создаём базу и готовый аккаунт…')
const config = loadConfig(
  {
    ...freshSecrets(),
    ...Object.fromEntries(variables),
    BASE_URL: baseUrl,
    PORT: String(port),
    DATABASE_FILE: path.join(folder, 'demo.sqlite'),
    HEALTH_CHECK_CRON: CHECKS,
    EVOTOR_WEBHOOK_TOKEN: HOOKS_TOKEN,
    VK_PER_SECOND: CALLS_A_SECOND,
    REGISTRATION: 'open',
    LOG_LEVEL: 'warn',
  },
  platforms,
)
const ctx = createContext(config)
const running = await serve(ctx)
await register(ctx, { ...ACCOUNT, address: 'demo' })

console.log(`
  Готово. Откройте в браузере:  ${baseUrl}

  Почта:   ${ACCOUNT.email}
  Пароль:  ${ACCOUNT.password}

  Что попробовать:
    1. Подключите Эвотор и ВКонтакте: «Подключить» на каждой карточке.
    2. Откройте «Синхронизацию», выберите магазин и сообщество, задайте фото по умолчанию и расписание.
    3. Посмотрите, что изменится, и запустите. Первый раз это занимает до минуты.
    4. Поменяйте цену на кассе: через несколько секунд она изменится и во ВКонтакте.
    5. Подключите Одноклассники и добавьте вторую пару: касса будет вести и группу.

    Касса                    ${addressOf('evotor')}/till
    Витрина сообщества       ${addressOf('vk')}/shop/${COMMUNITY}
    Витрина группы           ${addressOf('ok')}/shop/${GROUP}

  Испортить день на стороне сервиса:
${stages.map(({ title, simulator }) => `    ${title.padEnd(24)} ${simulator.url}`).join('\n')}
  Проверки идут каждые 15 секунд. Всё это живёт до Ctrl-C и ничего не оставляет.
`)

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)

function stop() {
  if (stopping) process.exit(1)
  stopping = true
  console.log('\nEvoSync: останавливаем…')
  const simulators = stages.map(({ simulator }) => simulator.stop())
  void Promise.all([running.stop(), ...simulators]).then(() => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(0)
  })
}

/** The first way to be connected to each platform. */
async function openStages() {
  const stagings = await stagingsOf(platforms.map(({ key }) => key))
  return await Promise.all(stagings.flatMap(([first]) => (first ? [first.open()] : [])))
}

/** The usual port, or any other when somebody has it. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => {
      resolve(freePort(0))
    })
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        resolve(typeof address === 'object' && address ? address.port : wanted)
      })
    })
  })
}
