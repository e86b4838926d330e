import { userInfo } from 'node:os'
import { adviceFromBackup } from './backup-advice.ts'

/** What has become of a SQLite file, in words for an administrator; undefined when it is nothing of the file's. */
export function sqliteTrouble(
  error: unknown,
  file: string,
  name = 'DATABASE_FILE',
): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return
  const { code } = error
  const [, words] = TROUBLES.find(([codes]) => codes.test(code)) ?? []
  if (words) return `${name}: ${words(file)}`
  return code.startsWith('SQLITE_')
    ? `${name}: SQLite не работает с файлом ${file} (${code}). Проверьте диск, или ${adviceFromBackup(file)}`
    : undefined
}

/** Which file may not be written, and by whom. */
export const notOurs = (place: string) =>
  `нет прав на чтение и запись ${place}. EvoSync работает от пользователя ${whoWeAre()}: отдайте ему файл базы и его папку (chown -R), или задайте другое место`

/** A file that SQLite cannot have written. */
export const notADatabase = (file: string) =>
  `файл ${file} — не база SQLite или повреждён. Если это не база EvoSync, задайте другой файл; если она, ${adviceFromBackup(file)}`

const broken = (file: string) => `файл базы ${file} повреждён: ${adviceFromBackup(file)}`

const full = (file: string) =>
  `на диске с ${file} кончилось место (или квота). Освободите его и запустите снова, данные не тронуты`

const TROUBLES: readonly (readonly [RegExp, (file: string) => string])[] = [
  [/^EISDIR$/, (file) => `${file} — папка, а нужен файл в ней, например ${file}/evosync.sqlite`],
  [
    /^(ENOTDIR|EEXIST)$/,
    (file) =>
      `часть пути ${file} — файл, а не папка. Задайте путь, в котором все части, кроме последней, папки`,
  ],
  [/^(EACCES|EPERM)$/, notOurs],
  [
    /^(EROFS|SQLITE_READONLY_.*|SQLITE_READONLY)$/,
    (file) =>
      `${file} можно только читать: диск или файл защищён от записи. Перемонтируйте его с записью, проверьте владельца, или задайте другое место`,
  ],
  [/^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)$/, full],
  [/^ENAMETOOLONG$/, (file) => `путь ${file} слишком длинный для этого диска. Задайте короче`],
  [/^ELOOP$/, (file) => `ссылка на пути ${file} ведёт сама на себя. Задайте настоящий путь`],
  [
    /^(EMFILE|ENFILE)$/,
    (file) =>
      `файл ${file} не открыть: исчерпан предел открытых файлов. Поднимите его: ulimit -n, LimitNOFILE в службе`,
  ],
  [
    /^(EIO|SQLITE_IOERR.*)$/,
    (file) =>
      `диск не даёт читать или писать ${file}. Проверьте свободное место, журнал системы и сам диск`,
  ],
  [/^SQLITE_NOTADB$/, notADatabase],
  [/^SQLITE_CORRUPT/, broken],
  [
    /^SQLITE_CANTOPEN/,
    (file) =>
      `файл ${file} или его спутники -wal и -shm не открываются. Проверьте, что папка существует и что пользователю ${whoWeAre()} можно в неё писать`,
  ],
  [
    /^SQLITE_(BUSY|LOCKED|PROTOCOL)/,
    (file) =>
      `файл ${file} занят другой программой. Закройте её (копирование, просмотр базы) и запустите снова`,
  ],
]

function whoWeAre(): string {
  try {
    return userInfo().username
  } catch {
    return `с номером ${process.getuid?.() ?? 0}` // a container's user that /etc/passwd does not know
  }
}
