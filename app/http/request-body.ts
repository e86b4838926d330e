import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Call, Sent, SentFile } from './call.ts'

/** The parts as they are, one after the other: pictures are large, and nothing of them is copied. */
export function multipart(files: readonly SentFile[], still?: Call['still']): Sent {
  const boundary = `evosync-${randomUUID()}`
  const parts = files.flatMap(({ name, fileName, type, bytes }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"; filename="${quoted(fileName)}"\r\n` +
        `Content-Type: ${type}\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ])
  parts.push(Buffer.from(`--${boundary}--\r\n`))
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(length),
    },
    body: Readable.from(still ? asked(parts, still) : parts),
  }
}

export async function* asked(parts: readonly Uint8Array[], still: NonNullable<Call['still']>) {
  await still()
  yield* parts
}

/** As browsers write it (HTML, multipart form data). */
const quoted = (text: string) => text.replace(/["\r\n]/g, (sign) => encodeURIComponent(sign))

export function bodyOf({ form, json, signed }: Call): string | null {
  if (signed !== undefined) return signed
  if (form) return new URLSearchParams(form).toString()
  return json === undefined ? null : JSON.stringify(json)
}
