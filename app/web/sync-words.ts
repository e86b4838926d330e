import { isSyncCode, SYNC_TEXTS, type SyncText } from '../texts-sync.ts'
import { filled, isTextCode, say } from '../texts.ts'

type Values = Readonly<Record<string, string | number>>

/** What a code of a run or a product means, filled in; a code without words becomes the general refusal. */
export function wordsOf(code: string, values: Values = {}): SyncText {
  const inside = inWords(values)
  if (isSyncCode(code)) return filled<SyncText>(SYNC_TEXTS[code], inside)
  if (isTextCode(code)) return say(code, inside)
  return filled<SyncText>(SYNC_TEXTS.item_unknown, { message: `код ${code}`, ...inside })
}

/** As the texts want them. */
export const inWords = (values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name === 'kind' ? (KINDS[value] ?? String(value)) : String(value),
    ]),
  )

/** Goods sold under rules of their own. */
const KINDS: Record<string, string> = {
  alcohol: 'алкоголь',
  beer: 'пиво',
  tobacco: 'табак',
  medicine: 'лекарства',
  supplements: 'БАД',
  lottery: 'лотереи',
  jewelry: 'ювелирные изделия',
}
