import { counted, plural } from '../../texts/plural.ts'

/** Newest first, each with its last day (developers.facebook.com/docs/graph-api/changelog/versions). */
const VERSIONS = new Map([
  ['v26.0', ''],
  ['v25.0', '2028-07-29'],
  ['v24.0', '2028-02-18'],
  ['v23.0', '2027-10-08'],
  ['v22.0', '2027-05-20'],
  ['v21.0', '2027-01-21'],
  ['v20.0', '2026-09-24'],
  ['v19.0', '2026-05-21'],
])

/** The version used where nobody says otherwise. */
export const NEWEST = [...VERSIONS.keys()][0] ?? ''

const DAY_MS = 24 * 3600_000
const SOON_DAYS = 60

/** What administrators should know of the Graph version in use: until when it works, and what to do when that is near. */
export function versionRemarks(version: string, now: Date): string[] {
  const lastDay = VERSIONS.get(version)
  const inUse = `Версия Graph API: ${version}`
  if (lastDay === undefined)
    return [
      `${inUse}. Её срок EvoSync не знает: сверьтесь со списком версий на developers.facebook.com, раздел Graph API Changelog.`,
    ]
  if (lastDay === '') return [`${inUse}. Когда её срок закончится, пока не объявлено.`]
  const left = Math.ceil((Date.parse(lastDay) - now.getTime()) / DAY_MS)
  if (left < 0) return [`${inUse}. Её срок закончился ${inWords(lastDay)}.`, OVER]
  const works = `${inUse}, работает до ${inWords(lastDay)}.`
  if (left > SOON_DAYS) return [works]
  return [works, `${untilTheEnd(left)} ${RENEW}`]
}

function untilTheEnd(days: number): string {
  if (days <= 0) return 'Сегодня её последний день.'
  const verb = plural(days, 'остался', 'осталось', 'осталось')
  return `До конца её срока ${verb} ${counted(days, 'день', 'дня', 'дней')}.`
}

const RENEW = `Укажите версию ${NEWEST} на странице сервиса в администрировании или в переменной FACEBOOK_API_VERSION.`
const OVER = `На запросы отвечает самая старая из живых версий, и ответы могут измениться без предупреждения. ${RENEW}`

const dates = new Intl.DateTimeFormat('ru-RU', { dateStyle: 'long', timeZone: 'UTC' })

/** `29 июля 2028 года`. */
const inWords = (day: string) => dates.format(new Date(day)).replace(/\s*г\.$/, ' года')
