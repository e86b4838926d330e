import { appendFileSync, chmodSync } from 'node:fs'
import { config } from 'dotenv'
import { ConfigError } from '../errors.ts'

/**
 * Takes the variables of a `.env` that are not set yet; there need not be one.
 * @throws ConfigError when there is one that cannot be read
 */
export function loadEnvFile(file = '.env') {
  const { error } = config({ quiet: true, path: file })
  if (error && codeOf(error) !== 'ENOENT') throw unusable(file, error)
}

/**
 * Adds lines, for its owner's eyes only.
 * @throws ConfigError when that is not possible
 */
export function appendToEnvFile(lines: string, file = '.env') {
  try {
    appendFileSync(file, lines, { mode: 0o600 })
    chmodSync(file, 0o600)
  } catch (error) {
    throw unusable(file, error)
  }
}

function unusable(file: string, cause: unknown): ConfigError {
  const why = REASONS[codeOf(cause)] ?? 'его не прочитать и не записать'
  const words = `${file}: ${why}. Исправьте это, или задайте переменные в окружении: секреты печатает npm run --silent secrets`
  return new ConfigError([words], { cause })
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'нет прав. Отдайте файл и папку пользователю, от которого работает EvoSync (chown)',
  EPERM: 'нет прав. Отдайте файл и папку пользователю, от которого работает EvoSync (chown)',
  EISDIR: 'это папка, а нужен файл',
  EROFS: 'диск защищён от записи',
  ENOSPC: 'на диске кончилось место',
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
