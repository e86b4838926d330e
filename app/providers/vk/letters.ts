/**
 * A text as VK can hold it: within cp1251, by which it counts (docs/platforms/vk.md#cards). What has a plain neighbour
 * there becomes it, everything else goes.
 */
export function letters(text: string): string {
  if (PLAIN.test(text)) return text
  let kept = ''
  for (const letter of text.normalize('NFC')) kept += keep(letter)
  return kept
}

const keep = (letter: string): string =>
  KNOWN.has(letter) ? letter : (REPLACED.get(letter) ?? nearest(letter))

/** `②` → `2`, `é` → `e`; a picture leaves a space, so that its neighbours do not become one word. */
function nearest(letter: string): string {
  if (INVISIBLE.test(letter)) return ''
  const parts = letter.normalize('NFKD')
  let kept = parts.includes('⁄') ? ' ' : '' // 1½ is 1 1/2
  for (const part of parts) kept += KNOWN.has(part) ? part : (REPLACED.get(part) ?? '')
  return kept.trim() === '' ? ' ' : kept
}

const PLAIN = /^[\n\x20-\x7eА-яЁё]*$/

/** Accents, joiners, what turns a digit into a key. */
const INVISIBLE = /^[\p{M}\p{Cf}]$/u

const ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')

/** The upper half of cp1251 without the space that does not break and the hyphen that is not seen. */
const UPPER =
  'ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈ¤Ґ¦§Ё©Є«¬®Ї°±Ііґµ¶·ё№є»јЅѕї' +
  'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя'

const KNOWN: ReadonlySet<string> = new Set(`\n${ASCII}${UPPER}`)

const REPLACED: ReadonlyMap<string, string> = new Map([
  ['\u00a0', ' '],
  ['\u00ad', ''],
  ['₽', ' руб.'],
  ['×', 'x'],
  ['✕', 'x'],
  ['✖', 'x'],
  ['÷', '/'],
  ['⁄', '/'],
  ['−', '-'],
  ['‐', '-'],
  ['‑', '-'],
  ['‒', '-'],
  ['→', '-'],
  ['―', '—'],
  ['″', '"'],
  ['′', "'"],
  ['≤', '<='],
  ['≥', '>='],
  ['≈', '~'],
  ['Ø', 'd'],
  ['ø', 'd'],
  ['⌀', 'd'],
  ['ß', 'ss'],
  ['Ә', 'А'],
  ['ә', 'а'],
  ['Ғ', 'Г'],
  ['ғ', 'г'],
  ['Қ', 'К'],
  ['қ', 'к'],
  ['Ң', 'Н'],
  ['ң', 'н'],
  ['Ө', 'О'],
  ['ө', 'о'],
  ['Ү', 'У'],
  ['ү', 'у'],
  ['Ұ', 'У'],
  ['ұ', 'у'],
  ['Һ', 'Х'],
  ['һ', 'х'],
  ['Җ', 'Ж'],
  ['җ', 'ж'],
])
