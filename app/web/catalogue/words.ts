import type { SyncText } from '../../texts/text.ts'
import { toldCode } from '../../flows/notices/failure-reason.ts'
import { sayAnySync } from '../../texts/catalogue.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'

type Values = Readonly<Record<string, string | number>>

/** What a code of a run or a product means, filled in; one without words claims nothing, and an unknown platform has no name. */
export const wordsOf = (
  code: string,
  platform: PlatformName | undefined,
  values: Values = {},
): SyncText => sayAnySync(toldCode({ code }), platform, inWords(values))

/** As the texts want them. */
export const inWords = (values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      SPOKEN[name]?.(value, values) ?? String(value),
    ]),
  )

/** Values that are codes of ours. */
const SPOKEN: Partial<Record<string, (value: string | number, all: Values) => string | undefined>> =
  {
    kind: (value) => KINDS[value],
    cause: (value, all) => PHOTO_CAUSES[value]?.(all) ?? 'с ним что-то не так',
  }

/** What is the matter with a picture, as the end of a sentence. */
const PHOTO_CAUSES: Partial<Record<string, (values: Values) => string>> = {
  no_photo: () => 'его больше нет',
  photo_missing: () => 'по его адресу ничего нет',
  photo_elsewhere: () => 'его адрес ведёт не на открытый сайт',
  photo_unreachable: () => 'сервер, на котором оно лежит, не отвечает',
  photo_withheld: () => 'сервер, на котором оно лежит, сейчас его не отдаёт',
  photo_not_now: () => 'нашему серверу не хватило сил открыть его',
  photo_unreadable: () => 'файл повреждён или это не JPG, PNG, WebP, GIF, AVIF или TIFF',
  photo_too_large: ({ n = 5 }) => `файл больше ${n} МБ`,
  photo_too_many_pixels: ({ mp = '?', most = '?' }) =>
    `в нём ${mp} Мп, а такие мы открываем до ${most} Мп`,
}

/** Goods sold under rules of their own. */
const KINDS: Record<string, string> = {
  alcohol: 'алкоголь',
  beer: 'пиво',
  tobacco: 'табак',
  medicine: 'лекарства',
  supplements: 'БАД',
  lottery: 'лотереи',
  jewelry: 'ювелирные изделия',
  adult: 'товары с ограничением по возрасту',
  excise: 'подакцизные товары',
}
