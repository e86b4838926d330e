/**
 * Unpacks pictures in a process of its own, asked by decoder.ts: it knows no secret and speaks to nobody, a file that breaks
 * the decoder ends nothing else, and all memory goes back to the machine with it. JavaScript, so that it needs no loader.
 * One question at a time, in blocking reads: two lengths, then JSON and the picture. It ends where its input ends.
 */
import { Buffer } from 'node:buffer'
import { readSync, writeSync } from 'node:fs'
import sharp from 'sharp'

const [INPUT, OUTPUT] = [0, 1]

/** Decoders that may see what people send, by content; the rest stays shut: SVG and PDF are programs, not pictures. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map(
  (name) => `VipsForeignLoad${name}Buffer`,
)

/** Opened for our own drawings alone, which come as such. */
const DRAWINGS = { operation: ['VipsForeignLoadSvgBuffer'] }

sharp.cache(false)
sharp.concurrency(1)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: LOADERS })

/** What is asked about comes once, and is asked about until the next comes. */
let picture = Buffer.alloc(0)

for (;;) {
  const lengths = read(8)
  if (!lengths) break
  const question = JSON.parse(String(read(lengths.readUInt32BE(0))))
  const size = lengths.readUInt32BE(4)
  if (size > 0) picture = read(size) ?? picture
  try {
    write(...(await answerTo(question)))
  } catch (error) {
    write({ error: String(error) })
  }
}

/** @param {import('./decoder.ts').Question} question @returns {Promise<[object, Buffer?]>} */
async function answerTo({ draw, paint }) {
  if (paint) return await painted(paint)
  if (!draw) return [await lookAt()]
  const { data, info } = await sharp(picture, draw.open)
    .timeout({ seconds: draw.seconds })
    .autoOrient()
    .flatten({ background: 'white' })
    .resize({ ...draw.size, fit: 'fill' })
    .extend({ ...draw.margins, background: 'white' })
    .toColourspace('srgb')
    .jpeg({ quality: draw.quality, optimiseCoding: false }) // or it holds the picture whole
    .toBuffer({ resolveWithObject: true })
  return [{ width: info.width, height: info.height }, data]
}

/** @param {{ side: number, quality: number, seconds: number }} wish */
async function painted({ side, quality, seconds }) {
  sharp.unblock(DRAWINGS)
  try {
    const { data, info } = await sharp(picture, { limitInputPixels: 4_000_000 })
      .timeout({ seconds })
      .resize(side, side)
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .jpeg({ quality, optimiseCoding: false })
      .toBuffer({ resolveWithObject: true })
    return [{ width: info.width, height: info.height }, data]
  } finally {
    sharp.block(DRAWINGS)
  }
}

async function lookAt() {
  const options = { limitInputPixels: false }
  const { format, isProgressive, depth, chromaSubsampling, autoOrient } = await sharp(
    picture,
    options,
  ).metadata()
  return { format, isProgressive, depth, chromaSubsampling, autoOrient }
}

/** Undefined where the input has ended. @param {number} length */
function read(length) {
  const bytes = Buffer.allocUnsafeSlow(length)
  for (let at = 0; at < length;) {
    const came = readSync(INPUT, bytes, at, length - at, null)
    if (came === 0) return undefined
    at += came
  }
  return bytes
}

/** @param {object} about @param {Uint8Array} bytes */
function write(about, bytes = new Uint8Array()) {
  const json = Buffer.from(JSON.stringify(about))
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32BE(json.length, 0)
  lengths.writeUInt32BE(bytes.length, 4)
  for (const part of [lengths, json, bytes])
    for (let at = 0; at < part.length;) at += writeSync(OUTPUT, part, at)
}
