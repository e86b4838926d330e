import { ClientGone } from '../../errors.ts'
import type { SpooledFile as Stored } from './multipart-form.ts'
import { openSpool, type Spool } from './spool.ts'
import type { Berth } from './upload-room.ts'

/** A file of a form, and the field it came in. */
export interface Upload {
  field: string
  name: string
  /** Works on its bytes once there is room for them in memory; undefined: it is larger than we take. */
  open: <T>(work: (bytes: Uint8Array | undefined) => Promise<T>) => Promise<T>
}

/** Most forms bring no file: there is a spool from the first on. */
export function createLazySpool() {
  let [opened, closed]: [Promise<Spool> | undefined, boolean] = [undefined, false]
  return {
    open: () => {
      if (closed) return Promise.reject(new ClientGone())
      return (opened ??= openSpool())
    },
    async close() {
      closed = true
      const spool = await opened?.catch(() => undefined)
      await spool?.close()
    },
  }
}

export function uploadOf(
  { field, name, at, size, tooLarge }: Stored,
  berth: Berth,
  spool: ReturnType<typeof createLazySpool>,
): Upload {
  return {
    field,
    name,
    open: (work) =>
      tooLarge
        ? work(undefined)
        : berth.hold(size, async () => {
            const bytes = size > 0 ? await (await spool.open()).read(at, size) : new Uint8Array()
            return await work(bytes)
          }),
  }
}
