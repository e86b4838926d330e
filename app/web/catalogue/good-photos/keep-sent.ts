import type { Request, Response } from 'express'
import type { Context } from '../../../context.ts'
import { keepPhoto } from '../../../flows/catalogue/keep-photo.ts'
import type { Photo } from '../../../store/photos.ts'
import { goneSignal } from '../../kit/client-gone.ts'
import type { Flash } from '../../../store/session-data.ts'
import { signedIn } from '../../kit/signed-in.ts'
import { uploadsOf } from '../../kit/uploads.ts'
import { wordsOf } from '../words.ts'

/** Photos a form brought, in its order with the names of their files, and why others are none. */
export interface SentPhotos {
  photos: (Photo & { file: string })[]
  refused: string[]
}

const REFUSED_SHOWN = 5

/** Keeps the files of a form one after the other; a field nobody has put a file into is none. */
export async function keepSent(ctx: Context, req: Request, res: Response): Promise<SentPhotos> {
  const { id } = signedIn(res)
  const signal = goneSignal(res)
  const sent: SentPhotos = { photos: [], refused: [] }
  for (const { name, open } of uploadsOf(req)) {
    const kept = await open((bytes) =>
      keepPhoto(ctx, id, { name, ...(bytes && { bytes }) }, signal),
    )
    if ('photo' in kept) sent.photos.push({ ...kept.photo, file: name })
    else {
      const { title, why } = wordsOf(kept.refusal.code, undefined, kept.refusal.values)
      sent.refused.push(`«${name}»: ${title.toLowerCase()}. ${why}`)
    }
  }
  return sent
}

/** What became of them. */
export function sentWords({ photos, refused }: SentPhotos, added: number): Flash {
  const left = photos.length - added
  const notes = [
    ...(left > 0 ? [`Ещё ${counted(left)} не поместилось: у товара бывает до пяти.`] : []),
    ...refusedWords(refused),
  ]
  if (photos.length + refused.length === 0)
    return { tone: 'warn', title: 'Файлы не выбраны', text: 'Выберите одно или несколько фото.' }
  return {
    tone: notes.length > 0 ? 'warn' : 'ok',
    title: added > 0 ? `Добавлено: ${counted(added)}` : 'Ничего не добавлено',
    text: [
      ...notes,
      ...(added > 0 ? ['Карточка изменится при следующей синхронизации.'] : []),
    ].join(' '),
  }
}

export const counted = (count: number) => `${count} фото`

export const refusedWords = (refused: readonly string[]): string[] => [
  ...refused.slice(0, REFUSED_SHOWN),
  ...(refused.length > REFUSED_SHOWN ? [`И ещё файлов: ${refused.length - REFUSED_SHOWN}.`] : []),
]
