const SIDE = 300
const made = new Map<string, Promise<Buffer>>()

/** A flower, PNG 300×300 as tills have them; another name, another flower. */
export function pictureOf(name: string): Promise<Buffer> {
  const known = made.get(name) ?? draw(name)
  made.set(name, known)
  return known
}

/** The library is loaded at the first picture: most simulators are asked for none. */
async function draw(name: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return await sharp(Buffer.from(flower(hueOf(name))))
    .png()
    .toBuffer()
}

function flower(hue: number): string {
  const petals = Array.from(
    { length: 8 },
    (_none, index) =>
      `<ellipse cx="150" cy="85" rx="30" ry="55" fill="hsl(${hue},70%,60%)" transform="rotate(${index * 45} 150 140)"/>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">
<rect width="${SIDE}" height="${SIDE}" fill="hsl(${hue + 40},40%,93%)"/>
<path d="M150 140 Q165 220 150 290" stroke="#4a7c3a" stroke-width="8" fill="none"/>
${petals.join('')}<circle cx="150" cy="140" r="26" fill="#f2c84b"/></svg>`
}

const hueOf = (name: string) => Buffer.from(name).reduce((hue, byte) => (hue * 31 + byte) % 360, 7)
