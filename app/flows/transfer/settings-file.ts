import { createHash } from 'node:crypto'
import * as z from 'zod'
import {
  openByPassphrase,
  sealByPassphrase,
  sealedByPassphrase,
  SHORTEST,
} from '../../crypto/passphrase.ts'
import { ConfigError, VaultError } from '../../errors.ts'

/** The settings of an installation as a file holds them. What a newer version writes has a greater number. */
const FORMAT = 'evosync-settings'
const VERSION = 1

const texts = z.record(z.string(), z.string())

const contents = z.strictObject({
  /** What was entered for platforms of the list, by key: values that are no keys, and the names of those left out. */
  platforms: z.record(z.string(), z.strictObject({ values: texts, keys: z.array(z.string()) })),
  /** Platforms of administrators, as the form has them, without their secrets. */
  customProviders: z.array(z.looseObject({ key: z.string() })),
  webhooks: z.array(z.strictObject({ email: z.string(), url: z.string(), enabled: z.boolean() })),
  /** Settings of pairs that are there; photos stay where they are kept. */
  pairs: z.array(
    z.strictObject({
      email: z.string(),
      source: z.string(),
      target: z.string(),
      storeId: z.string(),
      storeName: z.string(),
      communityId: z.string(),
      communityName: z.string(),
      settings: z.looseObject({}),
    }),
  ),
})
export type Contents = z.infer<typeof contents>

const secrets = z.strictObject({
  /** By key of the platform and name of the variable. */
  platforms: z.record(z.string(), texts),
  /** By key of the platform. */
  customProviders: texts,
  /** By address of the owner. */
  webhooks: texts,
})
export type Secrets = z.infer<typeof secrets>

const file = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  evosync: z.string(),
  madeAt: z.string(),
  contents,
  checksum: z.string(),
  secrets: sealedByPassphrase.optional(),
})
export type SettingsFile = z.infer<typeof file>

/**
 * The text of a file; secrets are in it where there is a passphrase, and open only beside these very contents.
 * @throws ConfigError for a passphrase that is too short
 */
export async function writeFile(
  all: { contents: Contents; secrets: Secrets },
  { evosync, passphrase }: { evosync: string; passphrase?: string | undefined },
): Promise<string> {
  if (passphrase !== undefined) refuseShort(passphrase)
  const checksum = checksumOf(all.contents)
  const sealed =
    passphrase &&
    (await sealByPassphrase(JSON.stringify(all.secrets), passphrase, labelOf(checksum)))
  const whole: SettingsFile = {
    format: FORMAT,
    version: VERSION,
    evosync,
    madeAt: new Date().toISOString(),
    contents: all.contents,
    checksum,
    ...(sealed && { secrets: sealed }),
  }
  return `${JSON.stringify(whole, undefined, 2)}\n`
}

/** @throws ConfigError in words: no file of ours, of a newer version, cut short or changed */
export function readFile(text: string): SettingsFile {
  const json = parse(text)
  const { format, version } = z
    .looseObject({ format: z.unknown(), version: z.unknown() })
    .catch({ format: undefined, version: undefined })
    .parse(json)
  if (format !== FORMAT) refuse('Это не файл настроек EvoSync. Такие файлы делает npm run export.')
  if (typeof version === 'number' && version > VERSION)
    refuse('Файл сделан более новой версией EvoSync. Сначала обновите эту, потом повторите.')
  const read = file.safeParse(json)
  if (!read.success || checksumOf(read.data.contents) !== read.data.checksum) refuse(DAMAGED)
  return read.data
}

/** @throws ConfigError when the passphrase is another */
export async function openSecrets(
  { secrets: sealed, checksum }: SettingsFile,
  passphrase: string,
): Promise<Secrets> {
  if (!sealed) return { platforms: {}, customProviders: {}, webhooks: {} }
  try {
    const text = await openByPassphrase(sealed, passphrase, labelOf(checksum))
    return secrets.parse(JSON.parse(text))
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
    return refuse(
      'Секреты не открылись: парольная фраза не та, или файл повреждён. Ничего не изменено.',
    )
  }
}

const DAMAGED =
  'Файл повреждён или изменён руками: содержимое не сходится с контрольной суммой. Сделайте его заново: npm run export.'

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return refuse(DAMAGED)
  }
}

export function refuseShort(passphrase: string): void {
  if (passphrase.length < SHORTEST)
    refuse(`Парольная фраза короче ${SHORTEST} знаков: такую подберут. Возьмите длиннее.`)
}

function refuse(words: string): never {
  throw new ConfigError([words])
}

const labelOf = (checksum: string) => `${FORMAT}:${VERSION}:${checksum}`

/** Over the contents with names in order: how a file is laid out does not matter. */
const checksumOf = (value: Contents): string =>
  createHash('sha256')
    .update(JSON.stringify(inOrder(value)))
    .digest('hex')

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, one]) => [name, inOrder(one)] as const)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
