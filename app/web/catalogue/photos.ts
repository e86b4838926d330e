import { Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { idOf } from '../kit/ids.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'

/** `GET /sync/photos/:id`: a picture of the person's own. Another picture has another number. */
export function photosRouter({ photos }: Context): Router {
  const router = Router()

  router.get('/sync/photos/:id', requireUser, async (req, res) => {
    const picture = await photos.picture(signedIn(res).id, idOf(req.params))
    if (!picture) throw new NotFound('photo')
    res.set({
      'Content-Type': 'image/jpeg',
      'Cache-Control': 'private, max-age=600',
      'Content-Disposition': 'inline',
    })
    res.send(Buffer.from(picture.jpeg))
  })

  return router
}
