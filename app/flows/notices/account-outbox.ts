import * as z from 'zod'
import type { Context } from '../../context.ts'
import type { Letter } from '../../http/mail.ts'
import type { WaitingLetter } from '../../store/letters.ts'
import type { User } from '../../store/users.ts'
import {
  emailChangedLetter,
  invitationLetter,
  linkedLetter,
  passwordChangedLetter,
  resetLetter,
} from './account-letters.ts'
import type { Addressee } from './letter.ts'

/** What a person is written about their account; the outbox keeps no more than this. */
export type AccountLetter =
  | { kind: 'reset' }
  | { kind: 'password_changed'; ways: string }
  | { kind: 'linked'; title: string }
  | { kind: 'email_changed' }
  | { kind: 'invitation'; id: string }

const AT_ONCE = 20
/** Longer than the letters of a claim take where each ends in a timeout. */
const LEASE_MS = 5 * 60_000
/** After the first failure half a minute, then twice as long each time; some eight hours in all. */
const FIRST_PAUSE_MS = 30_000
const MOST_TRIES = 11
const RESET_LIFE_MS = 3600_000

/**
 * Puts a letter into the outbox. Where this instance does such work it is tried at once, in the background. `to`: an
 * address that is theirs no more.
 */
export async function queueAccountLetter(
  ctx: Context,
  user: User,
  { kind, ...about }: AccountLetter,
  to: Addressee = user,
): Promise<void> {
  if (!ctx.mail) return
  await ctx.letters.add(user.id, kind, { ...about, email: to.email, name: to.name })
  if (ctx.config.role !== 'web') ctx.later('letters_failed', () => sendAccountLetters(ctx))
}

/** Sends what is due; of several instances one sends each letter. What does not leave waits for another try. */
export async function sendAccountLetters(ctx: Context, signal?: AbortSignal): Promise<void> {
  if (!ctx.mail) return
  for (const waiting of await ctx.letters.claim(ctx.instance, AT_ONCE, LEASE_MS)) {
    if (signal?.aborted) return
    await send(ctx, ctx.mail, waiting)
  }
}

async function send(ctx: Context, mail: NonNullable<Context['mail']>, waiting: WaitingLetter) {
  const { id, userId: user, kind, tries } = waiting
  const letter = await write(ctx, waiting)
  try {
    if (letter) await mail.send(letter)
    await ctx.letters.remove(id, ctx.instance)
    ctx.log.info('letter_sent', { user, kind })
  } catch (error) {
    ctx.log.error('mail_failed', { user, kind, tries, error })
    if (tries + 1 < MOST_TRIES) {
      await ctx.letters.putOff(id, ctx.instance, FIRST_PAUSE_MS * 2 ** tries)
      return
    }
    ctx.log.warn('letter_given_up', { user, kind })
    await ctx.letters.remove(id, ctx.instance)
  }
}

const DETAILS = z.object({
  email: z.string(),
  name: z.string(),
  title: z.string().default(''),
  ways: z.string().default(''),
  id: z.coerce.number().default(0),
})

/** Undefined for a kind of another version. A link lives from now on, however long the letter has waited. */
async function write(ctx: Context, waiting: WaitingLetter): Promise<Letter | undefined> {
  const { userId, kind } = waiting
  const { title, ways, id, ...to } = DETAILS.parse(waiting.details)
  const { config } = ctx
  if (kind === 'invitation') return await writeInvitation(ctx, id, to)
  if (kind === 'reset') return await writeReset(ctx, userId, to)
  if (kind === 'password_changed') return passwordChangedLetter(config, to, ways)
  if (kind === 'linked') return linkedLetter(config, to, title)
  return kind === 'email_changed' ? emailChangedLetter(config, to) : undefined
}

/** None where it was taken back, or has run out. */
async function writeInvitation(ctx: Context, id: number, to: Addressee) {
  const token = await ctx.invitations.renew(id)
  if (token === undefined) return undefined
  return invitationLetter(to, `${ctx.config.baseUrl}/invite?token=${token}`)
}

/** None to an address that has been theirs no more since they asked. */
async function writeReset(ctx: Context, userId: number, to: Addressee) {
  const user = await ctx.users.find(userId)
  if (user?.email !== to.email) return undefined
  return resetLetter(to, await resetLink(ctx, userId, RESET_LIFE_MS))
}

/** Good once, for so long. Built from BASE_URL alone, whatever the request said about its host. */
export async function resetLink(ctx: Context, userId: number, lifeMs: number): Promise<string> {
  return `${ctx.config.baseUrl}/reset?token=${await ctx.resets.open(userId, lifeMs)}`
}
