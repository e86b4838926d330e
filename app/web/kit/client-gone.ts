import type { Response } from 'express'
import { ClientGone } from '../../errors.ts'

/** Aborts when the one who asked is gone before the answer: work for them ends with {@link ClientGone}. */
export function goneSignal(res: Response): AbortSignal {
  const controller = new AbortController()
  const check = () => {
    if (!res.writableFinished) controller.abort(new ClientGone())
  }
  if (res.closed) check()
  else res.once('close', check)
  return controller.signal
}
