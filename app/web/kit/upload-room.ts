import { Busy } from '../../errors.ts'

const MB = 1024 * 1024
/** By then the upload in the way has come, or was given up. */
const AGAIN_S = 15

/** What one process may hold of the forms it reads and works on, in bytes: their fields and the files under way; all files. */
export interface Room {
  memory: number
  disk: number
}

/** One form's part of the room. */
export interface Berth {
  /** For a field. @throws Busy when the room is full */
  take: (bytes: number) => void
  /** For a part of a file: one person sends those of one form at a time. @throws Busy */
  store: (bytes: number) => void
  /** Works on so many bytes of a file as soon as there is room for them. */
  hold: <T>(bytes: number, work: () => Promise<T>) => Promise<T>
  leave: () => void
}

/** Room for what people send: bounded for the process, and one upload a person. */
export function createUploadRoom(most: Room = MOST): (userId: number) => Berth {
  const uploading = new Set<number>()
  const waiting: { bytes: number; enter: () => void }[] = []
  const taken: Room = { memory: 0, disk: 0 }

  const fits = (bytes: number) => taken.memory === 0 || taken.memory + bytes <= most.memory
  const letIn = () => {
    for (let [first] = waiting; first && fits(first.bytes); [first] = waiting) {
      waiting.shift()
      taken.memory += first.bytes
      first.enter()
    }
  }
  const claim = (what: keyof Room, bytes: number) => {
    if (taken[what] + bytes > most[what]) throw new Busy('uploads_full', AGAIN_S)
    taken[what] += bytes
    return bytes
  }

  return (userId) => {
    const own: Room = { memory: 0, disk: 0 }
    let left = false
    return {
      take(bytes) {
        if (!left) own.memory += claim('memory', bytes)
      },
      store(bytes) {
        if (left) return
        if (own.disk === 0 && uploading.has(userId)) throw new Busy('upload_under_way', AGAIN_S)
        own.disk += claim('disk', bytes)
        uploading.add(userId)
      },
      async hold(bytes, work) {
        await new Promise<void>((enter) => {
          waiting.push({ bytes, enter })
          letIn()
        })
        try {
          return await work()
        } finally {
          taken.memory -= bytes
          letIn()
        }
      },
      leave() {
        if (left) return
        left = true
        if (own.disk > 0) uploading.delete(userId)
        taken.memory -= own.memory
        taken.disk -= own.disk
        letIn()
      },
    }
  }
}

/** The largest form is 64 MB, and one file of it 10 MB. */
const MOST: Room = { memory: 24 * MB, disk: 512 * MB }
