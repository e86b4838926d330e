/** Reads big-endian numbers one after the other, as fonts have them. Beyond the end it throws RangeError. */
export function bytesFrom(bytes: Buffer, from = 0) {
  let at = from
  const step = (length: number) => {
    at += length
    return at - length
  }
  const u8 = () => bytes.readUInt8(step(1))
  const u16 = () => bytes.readUInt16BE(step(2))

  return {
    u8,
    u16,
    i8: () => bytes.readInt8(step(1)),
    i16: () => bytes.readInt16BE(step(2)),
    u32: () => bytes.readUInt32BE(step(4)),
    text: (length: number) => bytes.toString('latin1', at, step(length) + length),
    skip: step,
    at: () => at,
    /** `UIntBase128` (WOFF2, 4.1). */
    base128() {
      let value = 0
      for (let more = true; more;) {
        const byte = u8()
        value = value * 128 + (byte & 0x7f)
        more = byte >= 0x80
      }
      return value
    },
    /** `255UInt16` (WOFF2, 4.2). */
    short255() {
      const code = u8()
      if (code === 253) return u16()
      if (code === 255) return u8() + 253
      return code === 254 ? u8() + 506 : code
    },
  }
}

export type Bytes = ReturnType<typeof bytesFrom>
