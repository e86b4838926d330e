/** The list in parts of `size`, the last one shorter. */
export const inChunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_part, at) =>
    all.slice(at * size, (at + 1) * size),
  )
