import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { transform } from 'esbuild'
import type { Provider } from '../../providers/provider.ts'
import { ROOT } from '../../root.ts'
import { FONTS } from './fonts.ts'
import type { Files } from './names.ts'
import { spriteOf } from './sprite.ts'

const require = createRequire(import.meta.url)

/** Files by their path from the root that change what is made, beside this code. */
export const SOURCES = ['bootstrap.css', 'app.css', 'app.js', 'logo.svg', 'touch-icon.png'].map(
  (name) => `public/${name}`,
)

/** What pages ask for, by plain names: one sheet, one script, one sprite, the logo twice and the typeface. */
export async function makeFiles(
  icons: readonly string[],
  platforms: readonly Tiled[],
): Promise<Files> {
  const sheet = [own('bootstrap.css'), own('app.css'), platforms.map(tileOf).join('')].join('\n')
  return new Map([
    ['app.css', await minified(sheet, 'css')],
    ['app.js', await minified(own('app.js'), 'js')],
    ['icons.svg', Buffer.from(spriteOf(icons))],
    ['logo.svg', Buffer.from(own('logo.svg'))],
    ['touch-icon.png', readFileSync(path.join(ROOT, 'public/touch-icon.png'))],
    ...FONTS.map((name) => [name, readFileSync(fontFile(name))] as const),
  ])
}

type Tiled = Pick<Provider, 'key' | 'tile'>

/** A platform brings its own colours; in the dark they change places. */
const tileOf = ({ key, tile }: Tiled) =>
  tile
    ? `.tile-${key}{background:${either(tile.ground, tile.ink)};color:${either(tile.ink, tile.ground)}}\n`
    : ''

/** As the sheet has its colours. */
const either = (light: string, dark: string) => `var(--light, ${light}) var(--dark, ${dark})`

const own = (name: string) => readFileSync(path.join(ROOT, 'public', name), 'utf8')

const fontFile = (name: string) => require.resolve(`@fontsource-variable/golos-text/files/${name}`)

async function minified(text: string, loader: 'css' | 'js'): Promise<Buffer> {
  const { code } = await transform(text, { loader, minify: true })
  return Buffer.from(code)
}
