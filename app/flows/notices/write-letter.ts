import type { Context } from '../../context.ts'
import type { Letter } from '../../http/mail.ts'
import type { User } from '../../store/users.ts'
import { type Notes, WRITERS } from './letter-writers.ts'

/** One letter about all of it, as it stands now; undefined when nothing of it is true any more. */
export async function writeLetter(
  ctx: Context,
  user: User,
  notes: Notes,
): Promise<Letter | undefined> {
  const known = ctx.providers.all.flatMap((provider) =>
    notes.filter((note) => note.provider === provider.key).map((note) => ({ note, provider })),
  )
  const kind = notes[0]?.kind
  return kind && (await WRITERS[kind](ctx, user, known, notes))
}
