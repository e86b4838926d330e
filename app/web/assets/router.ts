import { type Response, Router } from 'express'
import type { Assets } from './assets.ts'
import { pack, type Packed } from './packed.ts'
import { pickedFile } from './picked-icons.ts'

const LASTING = `public, max-age=${365 * 24 * 3600}, immutable`
/** Under a plain name today's file is sent: nobody keeps it without asking. */
const PASSING = 'no-cache'

/** Everything below /assets. Names by content are kept for a year; an old one is not found. */
export function assetsRouter(assets: Assets): Router {
  const router = Router()

  router.get('/:name', async ({ params: { name } }, res, next) => {
    const found = await assets.find(name)
    if (!found) {
      next()
      return
    }
    res.set('Cache-Control', found.lasting ? LASTING : PASSING)
    send(res, name, found.file)
  })

  router.get('/icons/:name', ({ params: { name } }, res, next) => {
    const body = pickedFile(`icons/${name}`)
    if (!body) {
      next()
      return
    }
    res.set('Cache-Control', LASTING)
    send(res, name, pack(name, body))
  })

  return router
}

function send(res: Response, name: string, { plain, smaller }: Packed): void {
  const [encoding, body] = smaller.find(([way]) => res.req.acceptsEncodings(way)) ?? []
  if (smaller.length > 0) res.vary('Accept-Encoding')
  if (encoding) res.set('Content-Encoding', encoding)
  res.type(name.slice(name.lastIndexOf('.'))).send(body ?? plain)
}
