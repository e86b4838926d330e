import { statfs } from 'node:fs/promises'
import path from 'node:path'
import type { Context } from '../../context.ts'
import { ConfigError } from '../../errors.ts'
import { isUnavailable } from '../../store/db-errors.ts'
import { missingOf, readVersion } from '../../store/schema-version.ts'
import { checkKeys } from '../../store/vault-canary.ts'
import { bad, good, note, type Remark } from './remark.ts'

const DAY_MS = 24 * 3600_000
const SLOW_MS = 200
const OLD_BACKUP_DAYS = 7
const GB = 1024 ** 3
const LITTLE_GB = 1

/** Everything that is known without calling anybody outside; quick enough for a page. */
export async function lookInside(ctx: Context): Promise<Remark[]> {
  const outside = [versions(ctx), ...addresses(ctx), await disk(ctx)]
  const database = await lookAtDatabase(ctx)
  if (database.some(({ state }) => state === 'bad')) return [...outside, ...database]
  return [
    ...outside,
    ...database,
    await keys(ctx),
    await backups(ctx),
    await jobs(ctx),
    await runs(ctx),
  ]
}

const versions = ({ version }: Context): Remark =>
  good('versions', `EvoSync ${version}, Node ${process.versions.node}.`)

function addresses({ config }: Context): Remark[] {
  const { baseUrl, secure, trustProxy, production } = config
  const found: Remark[] = []
  if (production && !secure) {
    const remedy = 'Включите HTTPS (deploy/Caddyfile, deploy/nginx) и поправьте BASE_URL.'
    found.push(bad('addresses', `BASE_URL ${baseUrl} без https: пароли идут открыто.`, remedy))
  }
  if (secure && trustProxy === undefined) {
    const remedy = 'Если перед EvoSync стоит прокси, задайте TRUST_PROXY=1.'
    const words =
      'BASE_URL с https, а TRUST_PROXY не задан: все посетители считаются одним адресом.'
    found.push(note('addresses', words, remedy))
  }
  return found.length > 0 ? found : [good('addresses', `Адрес для людей: ${baseUrl}.`)]
}

async function disk({ config }: Context): Promise<Remark> {
  const { database } = config
  const folder = database.client === 'sqlite' ? path.dirname(path.resolve(database.file)) : '.'
  try {
    const { bavail, bsize } = await statfs(folder)
    const free = (bavail * bsize) / GB
    const words = `Свободно на диске: ${free.toFixed(1).replace('.', ',')} ГБ.`
    if (free >= LITTLE_GB) return good('disk', words)
    return bad('disk', words, 'Освободите место: без него не запишется ни одно изменение.')
  } catch {
    return note('disk', 'Сколько места на диске, узнать не удалось.', `Проверьте папку ${folder}.`)
  }
}

async function lookAtDatabase(ctx: Context): Promise<Remark[]> {
  try {
    const { done, unknown } = await readVersion(ctx.db)
    const left = missingOf(done)
    if (unknown.length > 0) {
      const words = `База новее этой версии EvoSync: ${unknown.join(', ')}.`
      return [
        bad('database', words, 'Запустите версию поновее или верните копию: npm run restore.'),
      ]
    }
    if (left.length > 0) {
      const words = `База ещё не обновлена, осталось изменений: ${left.length}.`
      return [bad('database', words, 'Выполните npm run migrate или запустите EvoSync.')]
    }
    return [await answers(ctx)]
  } catch (error) {
    if (!isUnavailable(error)) throw error
    const remedy = 'Проверьте DATABASE_URL или DATABASE_FILE и запущен ли сервер базы.'
    return [bad('database', 'База данных не отвечает.', remedy)]
  }
}

async function answers({ overview }: Context): Promise<Remark> {
  await overview.engine() // the first question opens a connection
  const begun = performance.now()
  const { name, version, migration } = await overview.engine()
  const ms = Math.round(performance.now() - begun)
  const words = `${name} ${version}, ${migration}, ответ за ${ms} мс.`
  if (ms < SLOW_MS) return good('database', words)
  return note('database', words, 'Посмотрите, чем занят сервер базы или диск.')
}

async function keys({ db, vault }: Context): Promise<Remark> {
  try {
    await checkKeys(db, vault)
    return good('keys', 'Все сохранённые ключи доступа открываются.')
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return bad('keys', error.problems.join(' '), 'Верните TOKEN_KEYS из копии .env.')
  }
}

async function backups({ backups: copies, config }: Context): Promise<Remark> {
  const { last, trouble } = await copies.state()
  const remedy = config.backupCron
    ? 'Сделайте копию: npm run backup, и проверьте, работает ли задание.'
    : 'Сделайте копию: npm run backup, и задайте BACKUP_CRON, например 30 3 * * *.'
  if (trouble) return bad('backups', trouble.words, remedy)
  if (!last) return note('backups', 'Копий базы ещё не было.', remedy)
  const days = Math.floor((Date.now() - last.at.getTime()) / DAY_MS)
  const words = `Последней копии базы дней: ${days}.`
  return days > OLD_BACKUP_DAYS ? bad('backups', words, remedy) : good('backups', words)
}

/** Of this process where it does such work; a command sees the others by the database. */
async function jobs({ ticks, instances }: Context): Promise<Remark> {
  const late = ticks.late()
  if (late.length > 0) {
    const words = `Опаздывают задания: ${late.join(', ')}.`
    return bad('jobs', words, 'Посмотрите в журнале job_failed и перезапустите этот экземпляр.')
  }
  const alive = await instances.alive()
  if (alive.some(({ role }) => role !== 'web')) {
    return good('jobs', `Фоновая работа идёт, экземпляров в сети: ${alive.length}.`)
  }
  const words = 'Фоновую работу сейчас не выполняет никто.'
  return bad('jobs', words, 'Запустите EvoSync (npm start) с ROLE=all или ROLE=worker.')
}

async function runs({ overview }: Context): Promise<Remark> {
  const { running, queued, paused } = await overview.runs()
  const words = `Синхронизации: идут ${running}, в очереди ${queued}, на паузе ${paused}.`
  return good('runs', words)
}
