/**
 * JSON piece by piece, as `JSON.stringify` writes it. What is too much to be there at once is an async iterable of some
 * elements at a time, and becomes one array.
 */
export async function* jsonPieces(value: unknown): AsyncGenerator<string> {
  if (isPaged(value)) yield* ofPages(value)
  else if (!isObject(value) || !holdsPages(value)) yield JSON.stringify(value)
  else if (Array.isArray(value)) yield* ofElements(value)
  else yield* ofMembers(value)
}

async function* ofPages(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  let begin = '['
  for await (const page of pages) {
    if (page.length === 0) continue
    yield begin + JSON.stringify(page).slice(1, -1)
    begin = ','
  }
  yield begin === '[' ? '[]' : ']'
}

async function* ofElements(elements: readonly unknown[]): AsyncGenerator<string> {
  let begin = '['
  for (const element of elements) {
    yield begin
    yield* jsonPieces(element)
    begin = ','
  }
  yield ']'
}

async function* ofMembers(members: object): AsyncGenerator<string> {
  let begin = '{'
  for (const [name, member] of Object.entries(members)) {
    if (member === undefined) continue
    yield `${begin}${JSON.stringify(name)}:`
    yield* jsonPieces(member)
    begin = ','
  }
  yield begin === '{' ? '{}' : '}'
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isPaged = (value: unknown): value is AsyncIterable<readonly unknown[]> =>
  isObject(value) && Symbol.asyncIterator in value

/** Anywhere inside; all else is written whole. */
const holdsPages = (value: object): boolean =>
  Object.values(value).some((one) => isPaged(one) || (isObject(one) && holdsPages(one)))
