import { describe, expect, test } from 'vitest'
import { grantedScopes, missingScopes } from '../../../app/providers/scopes.ts'
import { vk } from '../../../app/providers/vk/index.ts'

const provider = vk.create({ SCOPES: 'market groups photos offline' }, 'http://localhost:3000')
const names = (scopes: readonly { name: string }[]) => scopes.map(({ name }) => name)

describe('rights that are missing', () => {
  test.each([
    ['all that was asked', ['market', 'groups', 'photos', 'offline'], []],
    ['all that is needed', ['market', 'groups'], []],
    ['more than was asked', ['market', 'groups', 'wall'], []],
    ['one right too few', ['groups', 'photos'], ['market']],
    ['nothing that is needed', ['photos'], ['market', 'groups']],
    ['nothing at all', [], ['market', 'groups']],
    ['names we do not know', ['vkid.personal_info', 'wall'], []],
    ['names among which we know one', ['vkid.personal_info', 'market'], ['groups']],
    ['nobody knows what', undefined, []],
  ])('granted %s', (_what, granted, missing) => {
    expect(names(missingScopes(provider, granted))).toEqual(missing)
  })

  test('a right nobody asked for is not missed', () => {
    const modest = vk.create({ SCOPES: 'market' }, 'http://localhost:3000')

    expect(missingScopes(modest, ['market'])).toEqual([])
  })
})

describe('rights to be shown', () => {
  test('are those granted, in the order a person reads them', () => {
    expect(names(grantedScopes(provider, ['offline', 'market']))).toEqual(['market', 'offline'])
  })

  test('are those asked for where the platform does not tell, or not in names we know', () => {
    expect(grantedScopes(provider, undefined)).toEqual(provider.scopes)
    expect(grantedScopes(provider, ['wall'])).toEqual(provider.scopes)
  })

  test('are none where none was granted', () => {
    expect(grantedScopes(provider, [])).toEqual([])
  })
})
