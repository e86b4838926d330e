import { setPriority } from 'node:os'
import type { Socket } from 'node:net'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { ROOT } from '../root.ts'
import { type Answer, type Ask, DecoderGone } from './decoder-talk.ts'

const FILE = path.join(ROOT, 'app/pictures/picture-decoder.js')
/** All its work is the decoder's, in machine code already: without a compiler of its own it takes 13 MB less, and is safer. */
const FLAGS = ['--jitless', '--max-semi-space-size=1']
/**
 * Nothing of our own environment, least of all secrets. One heap that gives back what is free: glibc keeps an arena for
 * each thread otherwise, and in each as much as its largest picture took (mallopt(3)).
 */
const ENVIRONMENT = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '1000000',
  MALLOC_TRIM_THRESHOLD_: '1000000',
  UV_THREADPOOL_SIZE: '1',
}
/** Of nice(2): where processors are scarce, pages come before pictures. */
const POLITE = 5

/** Beyond what the decoder is given for a picture: it hangs. */
const LONGEST_MS = 30_000

export function start(forget: () => void) {
  const child = spawn(process.execPath, [...FLAGS, FILE], {
    env: ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  if (child.pid !== undefined) setPriority(child.pid, POLITE)
  let settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
  let gone: DecoderGone | undefined
  let chunks: Buffer[] = []

  const lose = (broken: boolean, cause?: Error) => {
    forget()
    gone ??= new DecoderGone(broken, { cause })
    settle?.reject(gone)
  }
  child.once('error', (error) => {
    lose(false, error)
  })
  child.once('close', (_code, signal) => {
    lose(signal !== null && signal !== 'SIGKILL')
  })
  child.stdin.on('error', () => undefined) // it has gone, and says so itself
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    const answer = readAnswer(chunks)
    if (!answer) return
    chunks = []
    settle?.resolve(answer)
  })
  for (const stream of [child.stdin, child.stdout]) (stream as Socket).unref()

  const ask: Ask = async (question, picture = NOTHING) => {
    if (gone) throw gone
    const hanging = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        settle = { resolve, reject }
        const json = Buffer.from(JSON.stringify(question))
        for (const part of [lengthsOf(json, picture), json, picture]) child.stdin.write(part)
      })
      const { error } = answer.about as { error?: string }
      if (error !== undefined) throw new Error(error)
      return answer
    } finally {
      clearTimeout(hanging)
      settle = undefined
    }
  }

  return {
    ask,
    /** While somebody waits, our process does not end. */
    hold: () => {
      child.ref()
    },
    release: () => {
      child.unref()
    },
    end() {
      forget()
      child.stdin.end()
    },
  }
}

const NOTHING = new Uint8Array()
const LENGTHS = 8

function lengthsOf(json: Uint8Array, bytes: Uint8Array): Buffer {
  const lengths = Buffer.alloc(LENGTHS)
  lengths.writeUInt32BE(json.length, 0)
  lengths.writeUInt32BE(bytes.length, 4)
  return lengths
}

/** Undefined while there is more to come. */
function readAnswer(chunks: readonly Buffer[]): Answer | undefined {
  const came = chunks.reduce((sum, { length }) => sum + length, 0)
  if (came < LENGTHS) return undefined
  const [first = Buffer.alloc(0)] = chunks
  const head = first.length < LENGTHS ? Buffer.concat(chunks) : first
  const bytesAt = LENGTHS + head.readUInt32BE(0)
  if (came < bytesAt + head.readUInt32BE(4)) return undefined
  const whole = Buffer.concat(chunks)
  const about: unknown = JSON.parse(whole.toString('utf8', LENGTHS, bytesAt))
  return { about, bytes: whole.subarray(bytesAt) }
}
