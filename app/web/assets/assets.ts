import path from 'node:path'
import type { Provider } from '../../providers/provider.ts'
import { type Built, readAsset, readBuilt } from './folder.ts'
import { iconsOf } from './icons.ts'
import { pack, type Packed } from './packed.ts'

/** What pages ask for below /assets. */
export interface Assets {
  /** The address a page names a file by, e.g. of `app.css`. */
  readonly href: (name: string) => string
  /** What its sprite has, by their classes. */
  readonly icons: ReadonlySet<string>
  /** What a name leads to; `lasting` for one that says what is inside. */
  readonly find: (name: string) => Promise<{ file: Packed; lasting: boolean } | undefined>
}

/** Where a build leaves them: what runs from a build stands in a folder of it. */
const BUILT = path.join(import.meta.dirname, '../assets')

/** Those of the build this runs from, or of the sources, made when the first is asked for. */
export function openAssets(platforms: readonly Provider[], folder = BUILT): Assets {
  const built = readBuilt(folder)
  return built ? builtAssets(folder, built) : freshAssets(platforms)
}

/** Files are read once. A plain name leads to the file of today, for whoever knows no other. */
function builtAssets(folder: string, { names, icons }: Built): Assets {
  const known = new Map<string, Packed>()
  const byContent = new Map(Object.entries(names))
  const lasting = new Set(byContent.values())

  function read(name: string): Packed {
    const file = known.get(name) ?? readAsset(folder, name)
    known.set(name, file)
    return file
  }

  return {
    href: (name) => `/assets/${byContent.get(name) ?? name}`,
    icons: new Set(icons),
    find: (asked) => {
      const name = lasting.has(asked) ? asked : byContent.get(asked)
      if (name === undefined) return Promise.resolve(undefined)
      return Promise.resolve({ file: read(name), lasting: name === asked })
    },
  }
}

/** By plain names, so that a page can be shown before any of them is made. */
function freshAssets(platforms: readonly Provider[]): Assets {
  const icons = iconsOf(platforms)
  let making: Promise<ReadonlyMap<string, Packed>> | undefined

  async function make() {
    const { makeFiles } = await import('./make.ts')
    const files = await makeFiles(icons, platforms)
    return new Map([...files].map(([name, body]) => [name, pack(name, body)]))
  }

  return {
    href: (name) => `/assets/${name}`,
    icons: new Set(icons),
    find: async (name) => {
      const file = (await (making ??= make())).get(name)
      return file && { file, lasting: false }
    },
  }
}
