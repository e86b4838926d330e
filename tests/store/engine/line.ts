import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { DatabaseConfig } from '../../../app/config/database.ts'

/** The way to PostgreSQL, which can break. */
export interface Line {
  config: DatabaseConfig
  /** Whether this text has been asked of the server. */
  asked(text: string): boolean
  /** Breaks every connection there is now. */
  cut(): void
  /** Breaks the connection that first asks this text: before the server hears it, or before it can answer. */
  cutAt(text: string, when: 'unheard' | 'unanswered'): void
}

/**
 * A line to this database, at a port if one is named; without one, to somebody who takes the call and says nothing. Each
 * connection gets through after `delayMs`.
 */
export async function openLine(to?: DatabaseConfig, port = 0, delayMs = 0): Promise<Line> {
  const url = new URL(to?.client === 'postgres' ? to.url : 'postgres://postgres@127.0.0.1/nobody')
  const target = to && Number(url.port)
  const ends = new Set<Socket>()
  let heard = ''
  let trap: { text: string; when: 'unheard' | 'unanswered' } | undefined

  const server = createServer((near) => {
    ends.add(near.on('error', () => undefined))
    if (target === undefined) return
    const far = connect(target, '127.0.0.1').on('error', () => undefined)
    ends.add(far)
    if (delayMs > 0) {
      far.cork()
      setTimeout(() => {
        far.uncork()
      }, delayMs)
    }
    far.pipe(near)
    near.on('end', () => far.end())
    near.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1')
      const sprung = trap && bytes.includes(trap.text) ? trap.when : undefined
      if (sprung) trap = undefined
      if (sprung !== 'unheard') far.write(bytes)
      if (sprung) near.destroy()
    })
  })
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  const cut = () => {
    for (const end of ends) end.destroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  url.port = String((server.address() as AddressInfo).port)
  return {
    config: { client: 'postgres', url: url.href },
    asked: (text) => heard.includes(text),
    cut,
    cutAt: (text, when) => (trap = { text, when }),
  }
}
