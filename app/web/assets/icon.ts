import type { Assets } from './assets.ts'
import { pickedIcon } from './picked-icons.ts'

const INSTEAD = 'bi-plug'
/** It is written into pages as it stands, and an administrator's platform names its own. */
const CLASSES = /^[a-z0-9 -]+$/

/**
 * Draws an icon in a page: `icon('bi-eye')`, with further classes behind its own. As large as the text around it and of
 * its colour; nothing for a screen reader, which reads the word beside it.
 */
export function createIcon(assets: Assets): (icon: string) => string {
  const sprite = assets.href('icons.svg')
  const drawn = new Map<string, string>()

  function draw(icon: string): string {
    const [name = ''] = icon.split(' ')
    const file = CLASSES.test(icon) ? fileOf(name) : undefined
    if (file === undefined) return draw(INSTEAD)
    return `<svg class="bi ${icon}" aria-hidden="true"><use href="${file}#${name.replace('bi-', '')}"/></svg>`
  }

  function fileOf(name: string): string | undefined {
    if (assets.icons.has(name)) return sprite
    const picked = pickedIcon(name)
    return picked && `/assets/${picked.name}`
  }

  return (icon) => {
    const found = drawn.get(icon) ?? draw(icon)
    drawn.set(icon, found)
    return found
  }
}
