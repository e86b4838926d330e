import type { Readable } from 'node:stream'

/** What is sent. Values of `query`, `form`, `json` and `headers` may be secrets: none of this is ever logged. */
export interface Call {
  url: string
  method?: 'GET' | 'POST' | 'DELETE'
  query?: Record<string, string>
  form?: Record<string, string>
  /** Instead of a form. */
  json?: unknown
  /** JSON that is sent as it stands, because it has been signed. */
  signed?: string
  /** Files, instead of a form. */
  files?: readonly SentFile[]
  /** The answer is a file: its bytes are kept instead of its text. */
  binary?: true
  headers?: Record<string, string>
  /** Asked when the first byte could leave: what it waits for comes first, what it throws keeps all of them back. */
  still?: () => void | Promise<void>
}

/** One part of a multipart form (RFC 7578). */
export interface SentFile {
  /** The field's. */
  name: string
  fileName: string
  type: string
  bytes: Uint8Array
}

/** What came back, its body read whole. Header names are lower case. */
export interface Answer {
  status: number
  headers: Record<string, string>
  text: string
  /** Of a binary call; its `text` is empty. */
  bytes?: Uint8Array
}

export interface Sent {
  headers: Record<string, string>
  body: Readable | string | null
}
