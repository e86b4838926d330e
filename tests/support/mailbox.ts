import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { onTestFinished } from 'vitest'

/** An SMTP server that keeps what it is sent. */
export interface Mailbox {
  url: string
  letters: ReceivedLetter[]
  /** Waits for the n-th letter. */
  letter(n?: number): Promise<ReceivedLetter>
}

interface ReceivedLetter {
  to: string
  subject: string
  text: string
  /** Its headers as they came, unfolded. */
  head: string
}

const WAIT_MS = 120_000

export async function startMailbox(port = 0): Promise<Mailbox> {
  const letters: Mailbox['letters'] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join()
        letters.push({ to, ...read(Buffer.concat(chunks).toString('utf8')) })
        done()
      })
    },
  })
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  onTestFinished(() => {
    server.close()
  })
  const { port: taken } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${taken}?ignoreTLS=true`,
    letters,
    async letter(n = 1) {
      const giveUp = Date.now() + WAIT_MS
      for (;;) {
        const letter = letters[n - 1]
        if (letter) return letter
        if (Date.now() > giveUp) throw new Error(`letter ${n} never came`)
        await new Promise((wake) => setTimeout(wake, 20))
      }
    },
  }
}

/** Enough MIME for what nodemailer writes: an encoded subject, a quoted-printable or base64 text. */
function read(raw: string) {
  const [head = '', ...body] = raw.split('\r\n\r\n')
  const headers = head.replace(/\r\n\s+/g, ' ')
  const subject = /^Subject: (.*)$/m.exec(headers)?.[1] ?? ''
  const encoding = /^Content-Transfer-Encoding: (.*)$/m.exec(headers)?.[1] ?? ''
  return {
    head: headers,
    subject: decodeWords(subject),
    text: decode(body.join('\r\n\r\n'), encoding),
  }
}

function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_all, kind: string, part: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(part, 'base64').toString()
        : quoted(part.replace(/_/g, ' ')),
    )
}

const decode = (text: string, encoding: string) =>
  encoding === 'base64'
    ? Buffer.from(text, 'base64').toString()
    : encoding === 'quoted-printable'
      ? quoted(text)
      : text

function quoted(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
