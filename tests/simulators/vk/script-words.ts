import { VkRefusal } from './refusal.ts'

/** A word of VKScript; a text is decoded already. */
export interface Word {
  kind: 'number' | 'text' | 'name' | 'mark' | 'end'
  text: string
}

const WORD =
  /(?<gap>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<number>\d+(?:\.\d+)?)|(?<quoted>"(?:[^"\\\r\n]|\\[^\r\n])*"|'(?:[^'\\\r\n]|\\[^\r\n])*')|(?<name>[A-Za-z_$][\w$]*)|(?<mark>@\.|===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>=!?:;,.(){}[\]])/y

/** @throws VkRefusal 12 at the first thing that is no word: a text that was not escaped ends up here, or worse */
export function wordsOf(code: string): Word[] {
  const words: Word[] = []
  WORD.lastIndex = 0
  let at = 0
  while (at < code.length) {
    const found = WORD.exec(code)?.groups
    if (!found) throw new VkRefusal(12, `Unable to compile code: unexpected symbol at ${at}`)
    const { number, quoted, name, mark } = found
    if (number !== undefined) words.push({ kind: 'number', text: number })
    else if (quoted !== undefined) words.push({ kind: 'text', text: decoded(quoted) })
    else if (name !== undefined) words.push({ kind: 'name', text: name })
    else if (mark !== undefined) words.push({ kind: 'mark', text: mark })
    at = WORD.lastIndex
  }
  return words
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function decoded(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, escape: string) => {
    if (escape.length === 5) return String.fromCharCode(parseInt(escape.slice(1), 16))
    if (escape === 'u') throw new VkRefusal(12, 'Unable to compile code: bad escape')
    return ESCAPES[escape] ?? escape
  })
}
