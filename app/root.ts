import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The folder of package.json, where views, public files and packages are: the same from the sources as from what is built of them. */
export const ROOT = nearestWith('package.json', import.meta.dirname)

function nearestWith(name: string, folder: string): string {
  if (existsSync(path.join(folder, name))) return folder
  const above = path.dirname(folder)
  if (above === folder) throw new Error(`no ${name} above ${import.meta.dirname}`)
  return nearestWith(name, above)
}

/** As package.json has it. */
export function readVersion(): string {
  const file = path.join(ROOT, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
