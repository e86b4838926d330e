import { cleanLines } from './clean.ts'

/** What an owner's template may ask for, by the names in it; any may be empty. */
export interface Values {
  название: string
  цена: string
  единица: string
  артикул: string
}

/**
 * An owner's template with its placeholders filled in, as a person would write it: no second stop after a value that has
 * one, no second «руб.», and of what has no value neither its label nor its brackets. Values themselves stay as they are.
 */
export function fillTemplate(template: string, values: Values): string {
  const marked = template
    .replace(/[\ue000-\uf8ff]/g, '')
    .replace(PLACEHOLDER, (_all, name: string) => MARKS[name.toLowerCase() as keyof Values])
  const empty = NAMES.filter((name) => values[name] === '').map((name) => MARKS[name])
  return cleanLines(written(tidy(withoutEmpty(marked, empty)), values))
}

/** What stands in braces in a template. */
export const PLACEHOLDERS = ['название', 'цена', 'единица', 'артикул'] as const

/** A template's own words. */
export const withoutPlaceholders = (template: string): string => template.replace(PLACEHOLDER, '')

const PLACEHOLDER = /\{\s*(название|цена|единица|артикул)\s*\}/gi

/** Signs of nobody's stand for the placeholders while the words between them are put in order. */
const MARKS = { название: '\ue000', цена: '\ue001', единица: '\ue002', артикул: '\ue003' } as const
const NAMES = PLACEHOLDERS
const MARK = /[\ue000-\ue003]/

function withoutEmpty(template: string, empty: readonly string[]): string {
  if (!empty.some((mark) => template.includes(mark))) return template
  const isEmpty = (text: string) => {
    const marks = Array.from(text).filter((sign) => MARK.test(sign))
    return marks.length > 0 && marks.every((mark) => empty.includes(mark))
  }
  return template
    .replace(/[ \t]*(?:\([^()]*\)|\[[^[\]]*\]|«[^«»]*»|"[^"\n]*")/g, (all) =>
      isEmpty(all) ? '' : all,
    )
    .split('\n')
    .map((line) => (empty.some((mark) => line.includes(mark)) ? clausesLeft(line, isEmpty) : line))
    .map((line) => line.replace(LABELLED, (all) => (isEmpty(all) ? '' : all)))
    .join('\n')
}

/** «, арт. {артикул}» has nothing to say without a value. Of the two signs around it the stronger one stays. */
function clausesLeft(line: string, isEmpty: (text: string) => boolean): string {
  let kept = ''
  let sign = ''
  for (const [clause, next] of clausesOf(line)) {
    if (isEmpty(clause)) sign = stronger(sign, next)
    else {
      kept += (kept === '' ? '' : sign) + clause
      sign = next
    }
  }
  return kept + (/^\s*[.!?…]/.test(sign) && kept !== '' ? sign : '')
}

/** Clauses and the sign behind each; the stop of an abbreviation ends none. */
function clausesOf(line: string): [clause: string, sign: string][] {
  const clauses: [string, string][] = []
  let clause = ''
  const parts = line.split(/(\s*(?:[.!?…]+(?=\s|$)|[,;|•](?!\d)|\s[–—/-](?=\s))\s*)/)
  for (let at = 0; at < parts.length; at += 2) {
    clause += parts[at] ?? ''
    const sign = parts[at + 1] ?? ''
    if (sign.startsWith('.') && ABBREVIATED.test(clause) && !/^\p{Lu}/u.test(parts[at + 2] ?? '')) {
      clause += sign
      continue
    }
    clauses.push([clause, sign])
    clause = ''
  }
  if (clause !== '') clauses.push([clause, ''])
  return clauses
}

const ABBREVIATED =
  /(?:^|[^\p{L}])(?:арт|артик|код|ед|изм|шт|уп|упак|руб|р|коп|ном|кол|разм|цв|вес|тел|ул|г|д|т|п|см|др|пр)$/iu

const stronger = (one: string, other: string): string => (/[.!?…]/.test(other) ? other : one)

const LABELLED = /(?<!\p{L})(?:(?:\p{L}+[.:]|№|#|арт(?:икул)?|код)\s*)*[\ue000-\ue003]/giu

/** What is left over between placeholders, or was typed twice. */
const tidy = (template: string): string =>
  template
    .replace(/[([«][\s,;.:]*[)\]»]/g, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ +([,.;!?)\]»])/g, '$1')
    .replace(/([(«[]) +/g, '$1')
    .replace(/([,;:])(?:[^\S\n]*[,;:])+/g, '$1')
    .replace(/[,;:]+(?=[.!?…])/g, '')
    .replace(/(?<!\.)\.[^\S\n]*\.(?!\.)/g, '.')
    .replace(/^[ \t]*[,;.:]+[ \t]*/gm, '')

function written(template: string, values: Values): string {
  let text = ''
  for (const part of template.split(/([\ue000-\ue003])/)) {
    const name = NAMES.find((one) => MARKS[one] === part)
    text = name ? withValue(text, values[name]) : withWords(text, part)
  }
  return text
}

/** «за 1 {единица}» and a unit of `100 г`. */
const withValue = (text: string, value: string): string =>
  (/^\d/.test(value) ? text.replace(/(^|\s)за 1 $/i, '$1за ') : text) + value

const ROUBLES = /^\s*(?:₽|(?:руб(?:лей|ля|ль)?|р)(?!\p{L})\.?)/iu

function withWords(text: string, words: string): string {
  const rest = text.endsWith('руб.') ? words.replace(ROUBLES, '') : words
  if (/^[.!?…]/.test(rest)) {
    if (/[!?…]$/.test(text)) return text + rest.replace(/^\./, '')
    return text.replace(/[\s.,;:]+$/, '') + rest
  }
  return /^[,;:]/.test(rest) ? text.replace(/[\s,;:]+$/, '') + rest : text + rest
}
