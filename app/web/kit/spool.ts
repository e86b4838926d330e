import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Busy } from '../../errors.ts'

/** The disk is full, or nobody may write there: a person has to see to it. */
const AGAIN_S = 60

/** Where the files of one form wait for their turn. */
export interface Spool {
  /** One after the other. @throws Busy where there is no room on the disk */
  write: (bytes: Uint8Array) => Promise<void>
  read: (at: number, length: number) => Promise<Uint8Array>
  close: () => Promise<void>
}

/** A file in the system's temporary folder that nobody else finds: it has no name any more once it is open. @throws Busy */
export async function openSpool(): Promise<Spool> {
  const file = path.join(tmpdir(), `evosync-${randomUUID()}`)
  const handle = await open(file, 'wx+', 0o600).catch(noPlace)
  await rm(file).catch(() => undefined) // Windows keeps the name while it is open
  let end = 0

  return {
    async write(bytes) {
      const at = end
      end += bytes.length
      const { bytesWritten } = await handle.write(bytes, 0, bytes.length, at).catch(noPlace)
      if (bytesWritten < bytes.length) noPlace() // the disk was full in the middle of it
    },
    async read(at, length) {
      const bytes = Buffer.allocUnsafeSlow(length)
      const { bytesRead } = await handle.read(bytes, 0, length, at)
      if (bytesRead < length) throw new Error('a file of a form was cut short')
      return bytes
    },
    async close() {
      await handle.close()
      await rm(file, { force: true })
    },
  }
}

function noPlace(cause?: unknown): never {
  throw new Busy('uploads_no_place', AGAIN_S, { cause })
}
