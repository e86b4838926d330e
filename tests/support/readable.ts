/** What a reader would stumble over in a text made of a till's `source`; empty when it reads well. */
export function faultsIn(text: string, source: string): string[] {
  const faults: [string, boolean][] = [
    ['nothing in it', !/[\p{L}\p{N}]/u.test(text)],
    ['an entity', /&(?:#\d+|#x[\da-f]+|[a-z]{2,8});/i.test(text)],
    ['a tag', /<\/?[a-z]+[^<>]*>/i.test(text)],
    ['space at an end', text !== text.trim()],
    ['two spaces', / {2}/.test(text)],
    ['space before a sign', / [,.;!?)]/.test(text)],
    ['two stops', /(?<!\.)\.\s*\.(?!\.)/.test(text)],
    ['two signs', /[,;:]\s*[,;:.]/.test(text)],
    ['an empty pair', /\(\s*\)|\[\s*\]|«\s*»/.test(text)],
    ['a measure twice', MEASURES.some((word) => saysTwice(text, word, source))],
  ]
  return faults.flatMap(([fault, there]) => (there ? [`${fault}: ${text}`] : []))
}

/** Whether a cut name ends in half a word. */
export function faultsOfCut(text: string, source: string): string[] {
  const [, start = '', tail = ''] = /^(.*)…(, за .*)?$/.exec(text) ?? []
  if (start === '') return []
  const letters = (all: string): string[] => all.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const last = letters(start).at(-1) ?? ''
  const known = letters(
    source
      .replace(/&#?\w+;/g, ' ')
      .replaceAll('×', 'x')
      .replaceAll('⌀', 'd '),
  )
  return known.includes(last) ? [] : [`half a word: ${text}${tail}`]
}

const MEASURES = ['кг', 'г', 'л', 'м', 'мл', 'шт', 'руб']

/** «2 кг, за кг»: a number's measure, and the same as what the price is for. */
function saysTwice(text: string, word: string, source: string): boolean {
  const [first = ''] = text.split('\n')
  const said = new RegExp(`\\d ?${word}\\.?, за ${word}(?!\\p{L})`, 'iu')
  return said.test(first) && !said.test(source)
}
