import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../../../app/root.ts'

/** Files and all files of folders, from the root, with what stands in them. */
export function textsIn(...places: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    places
      .flatMap(filesOf)
      .map((file) => [file, readFileSync(path.join(ROOT, file), 'utf8')] as const),
  )
}

function filesOf(place: string): string[] {
  const full = path.join(ROOT, place)
  if (!statSync(full).isDirectory()) return [place]
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|ejs|js)$/.test(name))
    .map((name) => path.join(place, name))
}
