import type { Spool } from './spool.ts'
import type { Berth } from './upload-room.ts'

/** A file of a form, the field it came in, and where in the spool it is. */
export interface SpooledFile {
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
  files: SpooledFile[]
}

/** How a form is read. */
export interface FormReading {
  berth: Berth
  spool: () => Promise<Spool>
  /** Whether the token of the form is good. */
  trusts: (token: string) => boolean
  /** It came in a header already, and is good. */
  trusted: boolean
}

/** What Express reads the answer's status from. */
export const withStatus = (status: number, cause?: Error) =>
  Object.assign(new Error('multipart form', { cause }), { status })
