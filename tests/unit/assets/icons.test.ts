import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'node-html-parser'
import { expect, test } from 'vitest'
import { createIcon } from '../../../app/web/assets/icon.ts'
import { ICONS, iconsOf } from '../../../app/web/assets/icons.ts'
import { spriteOf } from '../../../app/web/assets/sprite.ts'
import { platforms } from '../../../app/providers/index.ts'
import { ROOT } from '../../../app/root.ts'
import { textsIn } from './texts.ts'

const LIST = 'app/web/assets/icons.ts'

test('the sprite has every icon that views, code and scripts name, and nothing else', () => {
  const named = [...textsIn('views', 'app', 'public/app.js')]
    .filter(([file]) => file !== LIST)
    .flatMap(([, text]) => text.match(/\bbi-[a-z0-9]+(?:-[a-z0-9]+)*/g) ?? [])

  const known = platforms.map(({ create }) => create({}, 'http://localhost'))
  const sprite = parse(spriteOf(iconsOf(known)))

  expect(sprite.querySelectorAll('symbol').map(({ id }) => `bi-${id}`)).toEqual(
    [...new Set(named)].sort(),
  )
})

test('no name of an icon is put together, or the line above would not see it', () => {
  for (const [file, text] of textsIn('views', 'app/web', 'public/app.js')) {
    expect(text, file).not.toMatch(/\bbi-(?:<%|\$\{|' \+)/)
  }
})

test('each icon is the picture of Bootstrap Icons, under its license', () => {
  const sprite = parse(spriteOf(['bi-eye']), { comment: true })
  const file = path.join(ROOT, 'node_modules/bootstrap-icons/icons/eye.svg')
  const drawn = parse(readFileSync(file, 'utf8'))

  expect(sprite.querySelectorAll('#eye path').map((one) => one.getAttribute('d'))).toEqual(
    drawn.querySelectorAll('path').map((one) => one.getAttribute('d')),
  )
  expect(sprite.toString()).toContain('MIT')
})

test('an icon nobody has drawn stops the build', () => {
  expect(() => spriteOf(['bi-nonsense'])).toThrow('bi-nonsense')
})

test.each([
  ['one of the sprite', 'bi-eye', '/assets/icons.1.svg#eye', 'bi bi-eye'],
  ['with looks behind it', 'bi-pause keep', '/assets/icons.1.svg#pause', 'bi bi-pause keep'],
  ['one there is not', 'bi-nonsense', '/assets/icons.1.svg#plug', 'bi bi-plug'],
  ['a way out', 'bi-../../package', '/assets/icons.1.svg#plug', 'bi bi-plug'],
  ['markup', 'bi-"><script>', '/assets/icons.1.svg#plug', 'bi bi-plug'],
])('%s is drawn', (_what, name, href, classes) => {
  const drawn = parse(icon(name))

  expect(drawn.querySelector('use')?.getAttribute('href')).toBe(href)
  expect(drawn.querySelector('svg')?.attributes).toEqual({
    class: classes,
    'aria-hidden': 'true',
  })
})

test('one that only an administrator has picked stands in a file of its own', () => {
  const href = parse(icon('bi-cart')).querySelector('use')?.getAttribute('href')

  expect(ICONS).not.toContain('bi-cart')
  expect(href).toMatch(/^\/assets\/icons\/cart\.[0-9a-f]{10}\.svg#cart$/)
})

const icon = createIcon({
  href: (name) => `/assets/${name.replace('.', '.1.')}`,
  icons: new Set(ICONS),
  find: () => Promise.resolve(undefined),
})

test('whatever a platform calls its icon, nothing but an icon comes into the page', () => {
  for (const odd of ['bi-eye"><script>alert(1)</script>', 'bi-eye "onload=x', '../../secret', ''])
    expect(icon(odd)).toBe(icon('bi-plug'))
})
