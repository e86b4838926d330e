import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Files, namedByContent } from './names.ts'
import { type Encoding, pack, type Packed } from './packed.ts'

const RECORD = 'assets.json'
const ENDINGS: Record<Encoding, string> = { br: '.br', gzip: '.gz' }

/** What a build says of its files: plain name → name by content; and what is in the sprite. */
export interface Built {
  names: Readonly<Record<string, string>>
  icons: readonly string[]
}

/** Leaves files in a folder under names by content, each packed as well, and {@link Built}. */
export function writeAssets(folder: string, files: Files, icons: readonly string[]): void {
  const { names, named } = namedByContent(files)
  mkdirSync(folder, { recursive: true })
  for (const [name, body] of named) {
    const { plain, smaller } = pack(name, body)
    writeFileSync(path.join(folder, name), plain)
    for (const [encoding, packed] of smaller) {
      writeFileSync(path.join(folder, name + ENDINGS[encoding]), packed)
    }
  }
  const built: Built = { names, icons }
  writeFileSync(path.join(folder, RECORD), JSON.stringify(built))
}

/** Undefined where nothing has been built. */
export function readBuilt(folder: string): Built | undefined {
  const file = path.join(folder, RECORD)
  if (!existsSync(file)) return undefined
  return JSON.parse(readFileSync(file, 'utf8')) as Built
}

/** One of them as it was left. */
export function readAsset(folder: string, name: string): Packed {
  const read = (ending: string) => readFileSync(path.join(folder, name + ending))
  const packed = Object.entries(ENDINGS) as [Encoding, string][]
  return {
    plain: read(''),
    smaller: packed
      .filter(([, ending]) => existsSync(path.join(folder, name + ending)))
      .map(([encoding, ending]) => [encoding, read(ending)] as const),
  }
}
