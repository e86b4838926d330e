import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { platforms } from '../../../app/providers/index.ts'
import { settingFields } from '../../../app/providers/setting-fields.ts'

describe.each(platforms)('What can be entered of $key', (platform) => {
  const fields = settingFields(platform)

  test('has words of its own for everything, choices included', () => {
    for (const { name, label, choices = [] } of fields) {
      expect(label, name).not.toBe(name)
      if (name === 'DOMAIN') continue // addresses stand for themselves
      for (const [value, words] of choices) expect(words, `${name}=${value}`).not.toBe(value)
    }
  })

  test('is all of its variables but addresses, files and paces', () => {
    const all = platform.settings instanceof z.ZodObject ? Object.keys(platform.settings.shape) : []
    const names = fields.map(({ name }) => name)

    expect(
      names.some((name) => /URL|URI|FILE|PER_SECOND/.test(name.replace('SHARE_URL_ID', ''))),
    ).toBe(false)
    expect(all.filter((name) => !names.includes(name)).join(' ')).toMatch(
      /^((\w+_(URL|URI|FILE)|PER_SECOND) ?)*$/,
    )
  })

  test('hides secrets while they are typed', () => {
    const secrets = fields.filter(({ name }) => /SECRET|PARTNER_KEY|TOKEN$/.test(name))
    expect(secrets.length).toBeGreaterThan(0)
    for (const field of secrets) expect(field).toMatchObject({ secret: true })
  })
})
