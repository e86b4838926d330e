import type { Text } from '../../texts/text.ts'

/** A notice with its cause and way out; `code` and `detail` are for support. */
export interface Notice extends Text {
  code: string
  detail: string
}
