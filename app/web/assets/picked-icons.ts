import { hashOf } from './names.ts'
import { spriteOf, shapesOf } from './sprite.ts'

/** A picture that is not in the sprite: an administrator has picked it for a platform of theirs. */
interface PickedIcon {
  /** Below /assets, by its content. */
  name: string
  body: Buffer
}

const FILE = /^icons\/([a-z0-9-]+)\.[0-9a-f]+\.svg$/

/** One of Bootstrap's two thousand, by its class; undefined where there is none. */
export function pickedIcon(icon: string): PickedIcon | undefined {
  const name = icon.replace('bi-', '')
  if (shapesOf(name) === undefined) return undefined
  const body = Buffer.from(spriteOf([icon]))
  return { name: `icons/${name}.${hashOf(body)}.svg`, body }
}

/** The same by its name below /assets, whichever instance has shown the page; an old name leads nowhere. */
export function pickedFile(asked: string): Buffer | undefined {
  const [, icon] = FILE.exec(asked) ?? []
  const found = icon === undefined ? undefined : pickedIcon(icon)
  return found?.name === asked ? found.body : undefined
}
