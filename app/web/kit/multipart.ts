import busboy from 'busboy'
import type { Request } from 'express'
import { ClientGone } from '../../errors.ts'
import { createParts } from './multipart-parts.ts'
import { IDLE_MS, LARGEST_REQUEST, LIMITS } from './multipart-limits.ts'
import { type Form, type FormReading, withStatus } from './multipart-form.ts'

/**
 * Reads a multipart form (RFC 7578) as it comes, its files into the spool, no faster than that takes them. Nothing of a file
 * is taken before the token was seen and is good.
 * @throws Forbidden, Busy, ClientGone; errors with `status` 400, 408 and 413
 */
export function readMultipart(req: Request, reading: FormReading): Promise<Form> {
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
    if (req.destroyed) gone() // before anybody listened
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

const ignore = () => undefined
