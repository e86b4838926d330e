import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { field, fileHead, FORM, type Sender } from './upload-scene.ts'

const MB = 1024 * 1024
const LONGEST_FORM = 63 * MB
const FILE = Buffer.alloc(9 * MB, 'x')

/** How far somebody comes with a form: where they stop, and whether they let a byte through now and then. */
export interface Halfway {
  stop: 'before the token' | 'in the token' | 'in a file' | 'after many files'
  /** The token comes in a header, and no field does. */
  header?: boolean
  /** Of another session. */
  wrong?: boolean
  /** It says nothing of its length. */
  chunked?: boolean
  trickling?: boolean
}

export interface HalfSent {
  /** Of the answer; 0 where the line was cut without one, undefined where nothing has come so far. */
  status: () => number | undefined
  end: () => void
}

/** Begins a settings form of 63 MB, sends as much of it as is taken, and goes on holding it open. */
export async function sendHalf(sender: Sender, way: Halfway): Promise<HalfSent> {
  const socket = connect(Number(new URL(sender.origin).port), 'localhost')
  let status: number | undefined
  socket.on('data', (data) => {
    status ??= Number(data.toString('latin1').split(' ')[1])
  })
  socket.on('error', () => undefined)
  const over = new Promise<void>((resolve) => {
    socket.on('close', () => {
      status ??= 0
      resolve()
    })
  })
  await once(socket, 'connect')
  const write = async (bytes: string | Buffer) => {
    const size = Buffer.byteLength(bytes)
    if (way.chunked) socket.write(`${size.toString(16)}\r\n`)
    const taken = socket.write(bytes)
    if (way.chunked) socket.write('\r\n')
    if (!taken) await Promise.race([once(socket, 'drain').catch(() => undefined), over])
  }
  socket.write(headOf(sender, way))
  void (async () => {
    for (const part of partsOf(sender, way)) {
      if (status !== undefined) return
      await write(part)
    }
    while (way.trickling && status === undefined) {
      await write('x')
      await pause(1_000, 0, { ref: false })
    }
  })().catch(() => undefined)
  return { status: () => status, end: () => socket.destroy() }
}

function headOf({ cookie, token }: Sender, { header, wrong, chunked }: Halfway): string {
  const lines = [
    'POST /sync/settings HTTP/1.1',
    'Host: localhost',
    `Cookie: ${cookie}`,
    `Content-Type: ${FORM}`,
    chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${LONGEST_FORM}`,
    ...(header ? [`X-CSRF-Token: ${wrong ? 'wrong' : token}`] : []),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

function* partsOf({ token }: Sender, { stop, header, wrong }: Halfway): Generator<string | Buffer> {
  if (stop === 'before the token') {
    yield field('link', 'new').slice(0, -2)
    return
  }
  if (stop === 'in the token') {
    yield field('_csrf', token).slice(0, -10)
    return
  }
  if (!header) yield field('_csrf', wrong ? 'wrong' : token)
  const files = stop === 'in a file' ? 1 : Math.floor(LONGEST_FORM / FILE.length) - 1
  for (let n = 0; n < files; n += 1) {
    yield fileHead(`photo[half-${n}]`)
    yield FILE
    if (stop !== 'in a file') yield '\r\n'
  }
}
