import { Busy } from '../errors.ts'

/** What one process may hold of forms that are still being read or worked on, in bytes. */
const MOST_BYTES = 64 * 1024 * 1024
/** By then the upload in the way has come, or was given up. */
const AGAIN_S = 15

/** One form's part of the room. */
export interface Berth {
  /** @throws Busy when the room is full */
  take: (bytes: number) => void
  /** Gives some of it back before the end. */
  give: (bytes: number) => void
  /** Files are coming: one person sends those of one form at a time. @throws Busy */
  claim: () => void
  leave: () => void
}

/** Memory for what people send: bounded for the process, and one upload a person. */
export function createUploadRoom(mostBytes = MOST_BYTES): (userId: number) => Berth {
  const uploading = new Set<number>()
  let taken = 0

  return (userId) => {
    let [own, claimed, left] = [0, false, false]
    const give = (bytes: number) => {
      own -= bytes
      taken -= bytes
    }
    return {
      take(bytes) {
        if (left || taken + bytes > mostBytes) throw new Busy('uploads_full', AGAIN_S)
        own += bytes
        taken += bytes
      },
      give,
      claim() {
        if (claimed) return
        if (uploading.has(userId)) throw new Busy('upload_under_way', AGAIN_S)
        uploading.add(userId)
        claimed = true
      },
      leave() {
        if (left) return
        give(own)
        if (claimed) uploading.delete(userId)
        left = true
      },
    }
  }
}
