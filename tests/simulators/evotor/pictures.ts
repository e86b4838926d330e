const SIDE = 300
const made = new Map<string, Promise<Buffer>>()

/** A flower, PNG 300×300 as tills have them; another name, another flower. */
export function pictureOf(name: string): Promise<Buffer> {
  const known = made.get(name) ?? draw(name)
  made.set(name, known)
  return known
}

/** The library is loaded at the first picture: most simulators are asked for none. Pixels, as nothing else may be decoded. */
async function draw(name: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const raw = { width: SIDE, height: SIDE, channels: 3 as const }
  return await sharp(flower(hueOf(name)), { raw })
    .png()
    .toBuffer()
}

function flower(hue: number): Buffer {
  const pixels = Buffer.alloc(SIDE * SIDE * 3)
  const petal = rgb(hue, 0.7)
  const ground = rgb((hue + 40) % 360, 0.1)
  for (let y = 0; y < SIDE; y += 1)
    for (let x = 0; x < SIDE; x += 1)
      pixels.set(colourAt(x - SIDE / 2, y - SIDE / 2, petal, ground), (y * SIDE + x) * 3)
  return pixels
}

type Colour = readonly [number, number, number]
const HEART: Colour = [242, 200, 75]

function colourAt(x: number, y: number, petal: Colour, ground: Colour): Colour {
  const far = Math.hypot(x, y)
  if (far < 26) return HEART
  return far < 70 + 40 * Math.cos(8 * Math.atan2(y, x)) ? petal : ground
}

/** Light colours of any hue; `strength` from white to full. */
function rgb(hue: number, strength: number): Colour {
  const part = (shift: number) =>
    Math.round(
      255 * (1 - strength / 2 + (strength / 2) * Math.cos(((hue + shift) * Math.PI) / 180)),
    )
  return [part(0), part(240), part(120)]
}

const hueOf = (name: string) => Buffer.from(name).reduce((hue, byte) => (hue * 31 + byte) % 360, 7)
