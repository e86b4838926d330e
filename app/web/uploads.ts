import type { Readable, Writable } from 'node:stream'
import type { Request, RequestHandler } from 'express'
import multer, { type StorageEngine } from 'multer'
import type { SentFile } from '../flows/keep-photo.ts'

/** A file of a form, and the field it came in. */
export type Upload = SentFile & { field: string }

const KB = 1024
const MB = 1024 * KB
const LARGEST_FILE = 10 * MB
/** What one request may hold in memory; of what is sent beyond, only the name is kept. */
const MOST_KEPT = 64 * MB
const LARGEST_FORM = MB
const LIMITS = {
  files: 4_000, // one a group of the till; a field nobody has put a file into counts as well
  fields: 20_000,
  fieldSize: 64 * KB,
}
const LONGEST_NAME = 300
const PAGES_WITH_FILES = new Set(['/sync/settings'])

/**
 * Reads multipart forms, into `req.body` and {@link uploadsOf}, where a page has one and the person is signed in. It has
 * to stand before the check of the token, which is a field of the form; a form nobody has read is refused there.
 * Answers 413 to what is beyond the limits and 400 to what is no form. Files that are too large stop nothing.
 */
export const uploads: RequestHandler = (req, res, next) => {
  const wanted = req.method === 'POST' && PAGES_WITH_FILES.has(req.baseUrl + req.path)
  if (!wanted || !res.locals.user) {
    next()
    return
  }
  const fields = new Map<string, string | string[]>()
  const options = {
    storage: createShelf(),
    limits: LIMITS,
    defParamCharset: 'utf8',
    streamHandler: createFieldReader(fields),
  }
  void multer(options).any()(req, res, (error: unknown) => {
    if (fields.size > 0) req.body = Object.fromEntries(fields)
    next(error && refused(error))
  })
}

/** Files that came with a form; `bytes` are missing from those that are too large. */
export function uploadsOf({ files }: Request): Upload[] {
  return Array.isArray(files)
    ? files.map(({ fieldname, originalname: name, buffer, size }) => ({
        field: fieldname,
        name,
        ...(buffer.length === size && { bytes: buffer }),
      }))
    : []
}

/** Keeps files in memory, as far as they are not too large. */
function createShelf(): StorageEngine {
  let kept = 0
  return {
    _handleFile(_req, { stream }, done) {
      let chunks: Buffer[] = []
      let size = 0
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length
        kept += chunk.length
        if (size <= LARGEST_FILE && kept <= MOST_KEPT) chunks.push(chunk)
        else chunks = []
      })
      stream.on('end', () => {
        if (chunks.length === 0) kept -= size
        done(undefined, { size, buffer: Buffer.concat(chunks) })
      })
    },
    _removeFile(_req, _file, done) {
      done(null)
    },
  }
}

/**
 * Names stay names, as in every other form of ours: `map[7]` would become an array, and one of four thousand million
 * places at that. So fields are read here, not by multer, which has put its own reader in place by now.
 */
const createFieldReader =
  (fields: Map<string, string | string[]>) => (req: Readable, parser: Writable) => {
    let length = 0
    parser.removeAllListeners('field')
    // A part may have no name, and text in an encoding nobody knows has no value.
    parser.on('field', (name = '', value = '', { valueTruncated = false } = {}) => {
      const [key, text] = [String(name), String(value)]
      length += key.length + text.length
      const known = fields.get(key)
      fields.set(key, known === undefined ? text : [known, text].flat())
      if (length > LARGEST_FORM || key.length > LONGEST_NAME || valueTruncated)
        parser.destroy(withStatus(413))
    })
    req.pipe(parser)
  }

/** What the parser says against a form becomes a page of its own. */
function refused(cause: unknown): Error {
  if (!(cause instanceof Error) || 'status' in cause) return withStatus(413)
  const limit = 'code' in cause && String(cause.code).startsWith('LIMIT_')
  return withStatus(limit ? 413 : 400, cause)
}

const withStatus = (status: number, cause?: Error) =>
  Object.assign(new Error('multipart form', { cause }), { status })
