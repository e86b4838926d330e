import type { Context } from '../../context.ts'
import type { MailTrouble } from '../../http/mail-troubles.ts'
import type { User } from '../../store/users.ts'
import { trialLetter } from './account-letters.ts'

/** Whether the mail server lets us in; said in the log once, when the process starts. Nobody waits for it. */
export async function tryMail({ mail, log }: Context): Promise<void> {
  const trouble = await mail?.tryOut()
  if (trouble) log.warn('mail_unusable', { reason: trouble.code, remedy: trouble.words })
  else if (mail) log.info('mail_ready')
}

/** A letter to the administrator themselves, at once; gives what is wrong. */
export async function sendTrial(ctx: Context, user: User): Promise<MailTrouble | undefined> {
  try {
    await ctx.mail?.send(trialLetter(ctx.config, user))
    return undefined
  } catch (error) {
    const trouble = ctx.mail?.state?.trouble
    ctx.log.warn('mail_failed', { user: user.id, kind: 'trial', reason: trouble?.code, error })
    return trouble
  }
}
