import type { Transporter } from 'nodemailer'
import type { Config } from '../config/index.ts'
import { mailbox } from '../texts/emails.ts'
import { type MailTrouble, troubleOf } from './mail-troubles.ts'

/** A plain-text letter in Russian. */
export interface Letter {
  to: string
  subject: string
  text: string
}

/** How the last letter or trial went in this process; `at` in ms. */
export interface MailState {
  at: number
  trouble?: MailTrouble
}

const TIMEOUT_MS = 10_000

/** No machine answers these: RFC 3834 §5, and Exchange's own word for it. */
const HEADERS = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }

/**
 * Sends letters through `SMTP_URL`; undefined where none is configured. The library is loaded at the first letter: most
 * installations send none. `observe` hears what became of each.
 */
export function createMail(
  smtp: Config['smtp'],
  observe: (outcome: 'sent' | 'failed') => void = () => undefined,
) {
  if (!smtp) return undefined
  const from = mailbox(smtp.from) ?? smtp.from
  let state: MailState | undefined

  async function use(work: (transport: Transporter) => Promise<unknown>): Promise<void> {
    const { createTransport } = await import('./mail-transport.ts')
    const transport = createTransport(smtp?.url ?? '', { from, headers: HEADERS })
    try {
      await withTimeout(work(transport))
      state = { at: Date.now() }
    } catch (error) {
      state = { at: Date.now(), trouble: troubleOf(error) }
      throw error
    } finally {
      transport.close()
    }
  }

  return {
    /** Undefined until something has been tried. */
    get state(): MailState | undefined {
      return state
    },
    /** Rejects when the server does not take the letter within ten seconds. */
    async send({ to, subject, text }: Letter): Promise<void> {
      try {
        await use((transport) => transport.sendMail({ to, subject, text }))
        observe('sent')
      } catch (error) {
        observe('failed')
        throw error
      }
    },
    /** Goes as far as signing in and sends nothing; gives what is wrong. */
    async tryOut(): Promise<MailTrouble | undefined> {
      try {
        await use((transport) => transport.verify())
        return undefined
      } catch (error) {
        return troubleOf(error)
      }
    },
  }
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error('mail timed out'))
    }, TIMEOUT_MS)
  })
  return Promise.race([work, timeout]).finally(() => {
    clearTimeout(timer)
  })
}
