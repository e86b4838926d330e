import type { Readable } from 'node:stream'
import { Forbidden } from '../../errors.ts'
import { type Form, type FormReading, type SpooledFile, withStatus } from './multipart-form.ts'
import {
  A_FIELD,
  LARGEST_FILE,
  LARGEST_FORM,
  LONGEST_NAME,
  MOST_UNTRUSTED,
} from './multipart-limits.ts'

/** Takes parts as they come; whatever is wrong with one is thrown. `stored` settles when what has come of files is kept. */
export function createParts(
  { fields, files }: Form,
  { berth, trusts, trusted, spool }: FormReading,
) {
  let [length, end] = [0, 0]
  let storing: Promise<void> = Promise.resolve()

  const store = (chunk: Buffer) => {
    end += chunk.length
    storing = storing.then(async () => (await spool()).write(chunk))
    storing.catch(() => undefined) // said by stored
  }

  return {
    stored: () => storing,

    field(name: string | undefined, value: string | undefined, truncated: boolean) {
      const [key, text] = [name ?? '', value ?? ''] // a part may have no name, or be in no encoding
      if (key === '_csrf' && !trusted && !trusts(text)) throw new Forbidden('stale_page')
      if (key === '_csrf') trusted = true
      length += key.length + text.length
      berth.take(key.length + text.length + A_FIELD)
      if (!trusted && length > MOST_UNTRUSTED) throw new Forbidden('stale_page')
      if (truncated || key.length > LONGEST_NAME || length > LARGEST_FORM) throw withStatus(413)
      const known = fields.get(key)
      fields.set(key, known === undefined ? text : [known, text].flat())
    },

    file(
      field: string | undefined,
      name: string | undefined,
      stream: Readable,
      attempt: (work: () => void) => void,
    ) {
      if (!trusted) throw new Forbidden('stale_page')
      const upload: SpooledFile = { field: field ?? '', name: name ?? '', at: 0, size: 0 }
      const keep = (chunk: Buffer) => {
        if (upload.tooLarge) return
        berth.store(chunk.length)
        if (upload.size === 0) upload.at = end
        else if (upload.at + upload.size !== end) throw new Error('files of a form came mixed')
        upload.size += chunk.length
        if (upload.size > LARGEST_FILE) upload.tooLarge = true
        else store(chunk)
      }
      stream.on('data', (chunk: Buffer) => {
        attempt(() => {
          keep(chunk)
        })
      })
      stream.on('end', () => {
        if (name) files.push(upload)
      })
    },
  }
}
