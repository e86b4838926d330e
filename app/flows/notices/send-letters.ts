import pLimit from 'p-limit'
import type { Context } from '../../context.ts'
import type { Letter } from '../../http/mail.ts'
import type { Limit } from '../../store/limits.ts'
import { MOST_TRIES, type QueuedNotice } from '../../store/notice-queue.ts'
import type { User } from '../../store/users.ts'
import { sendAccountLetters } from './account-outbox.ts'
import { writeLetter } from './write-letter.ts'
import type { Notes } from './letter-writers.ts'
import { idsOf, lettersOf, settledIn } from './letters-due.ts'

/** People whose notices are taken at once, and letters on their way at once. */
const PERSONS_AT_ONCE = 100
const SENDERS = 5

/** Longer than all letters of a claim take when the mail server is slow; each renews it before it leaves. */
const LEASE_MS = 4 * 60_000
const LETTER_LEASE_MS = 60_000

/** Letters of a person. What is beyond waits, gathers, and leaves as one letter of each kind when the day is over. */
const OF_A_DAY: Limit = { name: 'letters', most: 500, windowMs: 24 * 3600_000 }

/** As after so many failures: an hour and twenty minutes, and tries left for a mail server that fails then. */
const RESTS_LIKE = 5

/** A mail server that took none of so many in a row takes none now. */
const ENOUGH_FAILURES = 3

/**
 * Writes the letters that wait, one a person for all that began together and one for all that ended. Takes the notices
 * of everybody whose oldest is from `before` or earlier; of several instances one writes each letter, and what a crash
 * left is written when its lease has run out. Stops early, between letters, when `signal` aborts.
 */
export async function sendNoticeLetters(
  ctx: Context,
  before: Date,
  signal: AbortSignal,
): Promise<void> {
  if (!ctx.mail) {
    await ctx.noticeQueue.skipAll()
    return
  }
  await sendAccountLetters(ctx, signal)
  while (!signal.aborted) {
    const claim = ctx.claimName()
    const claimed = await ctx.noticeQueue.claim(claim, before, PERSONS_AT_ONCE, LEASE_MS)
    if (claimed.length === 0) return
    if (!(await tellAll(ctx, claim, claimed, signal))) return
  }
}

/** False when the mail server is away: what is left waits for a better moment. */
async function tellAll(
  ctx: Context,
  claim: string,
  claimed: readonly QueuedNotice[],
  signal: AbortSignal,
): Promise<boolean> {
  const settled = settledIn(claimed)
  await ctx.noticeQueue.told(idsOf(settled), claim)
  const left: QueuedNotice[] = []
  let failures = 0
  await pLimit(SENDERS).map(
    lettersOf(claimed.filter((one) => !settled.includes(one))),
    async (notes) => {
      if (signal.aborted || failures >= ENOUGH_FAILURES) left.push(...notes)
      else failures = (await tell(ctx, claim, notes)) ? 0 : failures + 1
    },
  )
  if (left.length > 0) await ctx.noticeQueue.release(idsOf(left), claim)
  return failures < ENOUGH_FAILURES
}

/** True when the letter left, or none was needed. */
async function tell(ctx: Context, claim: string, notes: Notes): Promise<boolean> {
  const ids = idsOf(notes)
  const user = await readerOf(ctx, notes)
  const letter = user && (await writeLetter(ctx, user, notes))
  if (letter && (await ctx.limits.hit(OF_A_DAY, String(user.id))).exceeded) {
    ctx.log.warn('letters_rest', { user: user.id })
    await ctx.noticeQueue.putOff(ids, claim, RESTS_LIKE)
    return true
  }
  if (!(await ctx.noticeQueue.hold(ids, claim, LETTER_LEASE_MS))) return true // somebody else's by now
  if (!letter || (await send(ctx, user, letter))) {
    await ctx.noticeQueue.told(ids, claim)
    return true
  }
  await putOff(ctx, claim, notes)
  return false
}

/** Whoever is blocked is written nothing, and gets nothing that is old when they are let in again. */
async function readerOf({ users }: Context, [first]: Notes): Promise<User | undefined> {
  const user = first && (await users.find(first.userId))
  return user?.blocked ? undefined : user
}

async function send(ctx: Context, { id }: User, letter: Letter): Promise<boolean> {
  try {
    await ctx.mail?.send(letter)
    return true
  } catch (error) {
    ctx.log.error('mail_failed', { user: id, error })
    return false
  }
}

async function putOff(ctx: Context, claim: string, notes: Notes) {
  const tries = Math.max(...notes.map((one) => one.tries)) + 1
  if (tries < MOST_TRIES) {
    await ctx.noticeQueue.putOff(idsOf(notes), claim, tries)
    return
  }
  ctx.log.warn('letter_given_up', { user: notes[0]?.userId })
  await ctx.noticeQueue.told(idsOf(notes), claim)
}
