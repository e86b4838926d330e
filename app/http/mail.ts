import type { Config } from '../config.ts'

/** A plain-text letter in Russian. */
export interface Letter {
  to: string
  subject: string
  text: string
}

const TIMEOUT_MS = 10_000

/**
 * Sends letters through `SMTP_URL`; undefined where none is configured. The library is loaded at the first letter: most
 * installations send none. `observe` hears what became of each.
 */
export function createMail(
  smtp: Config['smtp'],
  observe: (outcome: 'sent' | 'failed') => void = () => undefined,
) {
  if (!smtp) return undefined
  return {
    /** Rejects when the server does not take the letter within ten seconds. */
    async send({ to, subject, text }: Letter): Promise<void> {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(smtp.url, { from: smtp.from })
      try {
        await withTimeout(transport.sendMail({ to, subject, text }))
        observe('sent')
      } catch (error) {
        observe('failed')
        throw error
      } finally {
        transport.close()
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
