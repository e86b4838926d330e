import type { Params } from './market-calls.ts'

/** One call inside of `execute`. */
export interface ScriptCall {
  /** `market.edit`. */
  method: string
  params: Params
}

/** Signs that end a line, or a script, where JSON lets them stand. */
const ODD: Readonly<Record<string, string>> = {
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
  '</': '<\\/',
}

/**
 * A value as VKScript writes it, which is as JSON does; text of a till is never more than text
 * (docs/platforms/vk.md#scripts). JSON.parse reads the same value back.
 */
export const literal = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u2028\u2029]|<\//g, (sign) => ODD[sign] ?? sign)

/** The calls one after the other, each one's answer in an array; a call that fails leaves `false` there. */
export const scriptOf = (calls: readonly ScriptCall[]): string =>
  `return [${calls.map(({ method, params }) => `API.${method}(${literal(params)})`).join(',')}];`

/** Ways to the values that are wanted of each item of a page, by their names; without them the page comes as it is. */
export type Columns = Readonly<Record<string, string>> | undefined

/** The pages of several calls. */
export const pagesScript = (calls: readonly ScriptCall[], columns: Columns): string =>
  [
    'var page;var pages=[];',
    ...calls.map(
      ({ method, params }) =>
        `page=API.${method}(${literal(params)});if(page){pages.push(${wanted(columns)});}`,
    ),
    'return pages;',
  ].join('')

/** A part of a list: where to begin and how many pages to read at the most. */
export interface Stretch extends ScriptCall {
  columns: Columns
  offset: number
  /** Of a page. */
  size: number
  pages: number
}

/** Stretches of several lists, `[[page, …], …]`; each ends early where its list does. */
export function listsScript(stretches: readonly Stretch[]): string {
  const names = stretches.map((_stretch, at) => `list${at}`)
  return [
    'var page;var left;var offset;',
    ...stretches.map((stretch, at) => `var list${at}=[];${stretchScript(stretch, `list${at}`)}`),
    `return [${names.join(',')}];`,
  ].join('')
}

/** A page that is not full ends a list only after as many as the list says it has. */
function stretchScript({ method, params, columns, offset, size, pages }: Stretch, name: string) {
  const sent = literal({ ...params, count: size }).slice(0, -1)
  return [
    `left=${pages};offset=${offset};`,
    'while(left>0){',
    `page=API.${method}(${sent},"offset":offset});`,
    `left=left-1;offset=offset+${size};`,
    'if(page){',
    `${name}.push(${wanted(columns)});`,
    'if(page.items.length==0){left=0;}',
    `if(page.items.length<${size}){if(offset>=page.count){left=0;}}`,
    '}else{left=0;}',
    '}',
  ].join('')
}

function wanted(columns: Columns): string {
  if (!columns) return 'page'
  const each = Object.entries(columns).map(([name, way]) => `${literal(name)}:page.items${way}`)
  return `{"count":page.count,${each.join(',')}}`
}
