import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
/** Looked for with the first picture: what a build has made needs none. */
const folder = () =>
  path.join(path.dirname(require.resolve('bootstrap-icons/package.json')), 'icons')

const LICENSE =
  '<!-- Bootstrap Icons, MIT, copyright 2019-2024 The Bootstrap Authors, https://icons.getbootstrap.com -->'

/**
 * These pictures in one file, each a `<symbol>` under its name without `bi-`.
 * @throws Error where Bootstrap Icons has no picture of that name
 */
export function spriteOf(icons: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg">${LICENSE}${icons.map(symbolOf).join('')}</svg>`
}

function symbolOf(icon: string): string {
  const name = icon.replace('bi-', '')
  const shapes = shapesOf(name)
  if (shapes === undefined) throw new Error(`Bootstrap Icons has no ${icon}`)
  return `<symbol id="${name}" viewBox="0 0 16 16">${shapes}</symbol>`
}

/** What is inside the picture of a name that may be anything; undefined where there is none. */
export function shapesOf(name: string): string | undefined {
  const file = path.join(folder(), `${name}.svg`)
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(file)) return undefined
  const [, shapes = ''] = /<svg[^>]*>(.*)<\/svg>/s.exec(readFileSync(file, 'utf8')) ?? []
  return shapes.replaceAll(/\n\s*/g, '')
}
