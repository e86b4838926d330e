import { saySync, type SyncText } from '../texts-sync.ts'

type Values = Readonly<Record<string, string | number>>

/** What a code of a run or a product means, filled in; a code without words becomes the general refusal. */
export const wordsOf = (code: string, values: Values = {}): SyncText =>
  saySync(code, inWords(values))

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
