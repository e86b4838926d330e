import { existsSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** What a run needs at most. */
const ROOM_BYTES = 1024 ** 3

/** In memory where there is room: making a database for each test is mostly making files, and a commit waits for the disk. */
export function quickFolder(): string {
  const memory = '/dev/shm'
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize > ROOM_BYTES ? memory : tmpdir()
}
