/** How a run comes to its end before everything is sent. `nothing`: there was nothing to do, and nobody asked. */
export type RunEnding = 'nothing' | 'stopped' | 'failed'

/** Ends a run; `code` is one of the texts, `platform` whose it is. */
export class RunEnd extends Error {
  override readonly name = 'RunEnd'
  readonly ending: RunEnding
  readonly code: string | undefined
  readonly values: Readonly<Record<string, string | number>>
  readonly platform: string | undefined

  constructor(
    ending: RunEnding,
    code?: string,
    values: Readonly<Record<string, string | number>> = {},
    platform?: string,
  ) {
    super(code ?? ending)
    this.ending = ending
    this.code = code
    this.values = values
    this.platform = platform
  }
}

/** The lease is somebody else's: whatever is still to be done is theirs. */
export class RunLost extends Error {
  override readonly name = 'RunLost'
}
