import { createRequire } from 'node:module'
import path from 'node:path'
import express, { Router } from 'express'
import { ROOT } from '../../root.ts'
import type { Provider } from '../../providers/provider.ts'

const PUBLIC = path.join(ROOT, 'public')
const require = createRequire(import.meta.url)

/** The three packages a page needs, each by the one folder of it that is public. */
const PACKAGES = [
  ['/bootstrap', path.join(folderOf('bootstrap'), 'dist/css')],
  ['/icons', path.join(folderOf('bootstrap-icons'), 'font')],
  ['/golos', path.join(folderOf('@fontsource-variable/golos-text'), 'files')],
] as const

/** Everything below /assets, asked for with `?v=` and our version, so that a browser may keep it until the next one. */
export function assetsRouter(platforms: readonly Provider[]): Router {
  const router = Router()
  const tiles = platforms.map(tileOf).join('')
  for (const [at, folder] of PACKAGES) {
    router.use(at, express.static(folder, { maxAge: '30d', index: false }))
  }
  router.get('/tiles.css', (_req, res) => {
    res.set('Cache-Control', `public, max-age=${TILES_KEPT_S}`).type('css').send(tiles)
  })
  router.use(express.static(PUBLIC, { maxAge: '1h', index: false }))
  return router
}

const TILES_KEPT_S = 3600

/** A platform brings its own colours. */
const tileOf = ({ key, tile }: Provider) =>
  tile ? `.tile-${key}{background:${tile.ground};color:${tile.ink}}\n` : ''

function folderOf(name: string): string {
  return path.dirname(require.resolve(`${name}/package.json`))
}
