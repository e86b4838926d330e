const LABEL = 'Артикул:'
/** What the label and the empty line before it take of a description. */
export const ROOM_FOR_LABEL = LABEL.length + 3

/** A card of OK has no article: it stands in the last line of the description (docs/platforms/ok.md#cards). */
export const withArticle = (description: string, sku: string): string =>
  sku === '' ? description : [description, `${LABEL} ${sku}`].filter(Boolean).join('\n\n')

/** Both again; somebody may have written below it. Where there is no article it is empty. */
export function parted(text: string): { description: string; sku: string } {
  const lines = text.split(/\r?\n/)
  const at = lines.findLastIndex((line) => line.trimStart().startsWith(LABEL))
  const line = lines[at]
  if (line === undefined) return { description: text.trim(), sku: '' }
  const description = lines.toSpliced(at, 1).join('\n').trim()
  return { description, sku: line.trim().slice(LABEL.length).trim() }
}
