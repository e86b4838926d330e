import type { Readable } from 'node:stream'
import busboy from 'busboy'
import type { Request } from 'express'
import { ClientGone, Forbidden } from '../../errors.ts'
import type { Spool } from './spool.ts'
import type { Berth } from './upload-room.ts'

/** A file of a form, the field it came in, and where in the spool it is. */
export interface Upload {
  field: string
  name: string
  at: number
  size: number
  /** It is larger than we take: there is nothing of it. */
  tooLarge?: true
}

/** A form as it came: a name that comes twice has several values. */
export interface Form {
  fields: Map<string, string | string[]>
  files: Upload[]
}

/** How a form is read. */
export interface Reading {
  berth: Berth
  spool: () => Promise<Spool>
  /** Whether the token of the form is good. */
  trusts: (token: string) => boolean
  /** It came in a header already, and is good. */
  trusted: boolean
}

const KB = 1024
const MB = 1024 * KB
/** All of it, whatever is in it. */
export const LARGEST_REQUEST = 64 * MB
const LARGEST_FILE = 10 * MB
/** Five thousand groups with six fields each, and their long names. */
const LARGEST_FORM = 4 * MB
const LIMITS = {
  files: 8_000, // one a group of the till; a field nobody has put a file into counts as well
  fields: 40_000,
  fieldSize: 64 * KB,
}
const LONGEST_NAME = 300
/** What may stand before the token. */
const MOST_UNTRUSTED = 64 * KB
/** A name and its value take so much more than their letters. */
const A_FIELD = 100
const IDLE_MS = 15_000

/**
 * Reads a multipart form (RFC 7578) as it comes, its files into the spool, no faster than that takes them. Nothing of a file
 * is taken before the token was seen and is good.
 * @throws Forbidden, Busy, ClientGone; errors with `status` 400, 408 and 413
 */
export function readMultipart(req: Request, reading: Reading): Promise<Form> {
  return new Promise((resolve, reject) => {
    const form: Form = { fields: new Map(), files: [] }
    const parser = open(req)
    const parts = createParts(form, reading)
    let idle: NodeJS.Timeout | undefined
    let came = 0

    const end = (done: () => void) => {
      clearTimeout(idle)
      req.off('data', heard).off('end', ended).off('close', gone).off('error', gone)
      parser.removeAllListeners().on('error', ignore)
      done()
    }
    const fail = (error: unknown) => {
      end(() => {
        reject(error instanceof Error ? error : withStatus(400))
      })
    }
    const attempt = (work: () => void) => {
      try {
        work()
      } catch (error) {
        fail(error)
      }
    }
    const wait = () => {
      clearTimeout(idle)
      idle = setTimeout(fail, IDLE_MS, withStatus(408))
    }
    const goOn = () => void parts.stored().then(() => req.resume(), fail)
    const heard = (chunk: Buffer) => {
      came += chunk.length
      wait()
      if (came > LARGEST_REQUEST) {
        fail(withStatus(413))
        return
      }
      req.pause()
      parser.write(chunk, goOn)
    }
    const ended = () => {
      parser.end()
    }
    const gone = () => {
      if (!req.complete) fail(new ClientGone())
    }

    for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const)
      parser.on(limit, () => {
        fail(withStatus(413))
      })
    parser.on('field', (name, value, about) => {
      attempt(() => {
        parts.field(name, value, about.nameTruncated || about.valueTruncated)
      })
    })
    parser.on('file', (name, stream, { filename }) => {
      stream.on('error', ignore)
      attempt(() => {
        parts.file(name, filename, stream, attempt)
      })
    })
    parser.on('error', (cause) => {
      fail(withStatus(400, cause instanceof Error ? cause : undefined))
    })
    parser.on('close', () => {
      void parts.stored().then(() => {
        end(() => {
          resolve(form)
        })
      }, fail)
    })
    wait()
    req.on('data', heard).on('end', ended).on('close', gone).on('error', gone)
  })
}

function open(req: Request) {
  try {
    return busboy({ headers: req.headers, limits: LIMITS, defParamCharset: 'utf8' })
  } catch (cause) {
    throw withStatus(400, cause instanceof Error ? cause : undefined)
  }
}

/** Takes parts as they come; whatever is wrong with one is thrown. `stored` settles when what has come of files is kept. */
function createParts({ fields, files }: Form, { berth, trusts, trusted, spool }: Reading) {
  let [length, end] = [0, 0]
  let storing: Promise<void> = Promise.resolve()

  const store = (chunk: Buffer) => {
    end += chunk.length
    storing = storing.then(async () => (await spool()).write(chunk))
    storing.catch(ignore) // said by stored
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
      const upload: Upload = { field: field ?? '', name: name ?? '', at: 0, size: 0 }
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

const ignore = () => undefined

/** What Express reads the answer's status from. */
export const withStatus = (status: number, cause?: Error) =>
  Object.assign(new Error('multipart form', { cause }), { status })
