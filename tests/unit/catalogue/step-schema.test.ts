import { describe, expect, test } from 'vitest'
import { readStep } from '../../../app/catalogue/step-schema.ts'
import type { Step } from '../../../app/catalogue/steps.ts'
import { item, step } from '../../support/catalogue/rows.ts'

const reason = { code: 'gone', values: { n: 1, name: 'Роза' } }
const STEPS: Step[] = [
  step('create', { item: item({ album: { groupId: 'honey', title: 'Мёд' } }) }),
  step('create', { reason }),
  step('update', {
    fields: ['price', 'album'],
    item: item({ album: { id: '0a7' }, spare: { photo: 'own:1', of: 'group' } }),
    before: { price: 1, hidden: false },
    only: ['price', 'hidden'],
    leaveAlbum: '007',
  }),
  step('hide', { reason }),
  step('restore'),
  step('delete', { reason }),
  step('skip', { reason }),
]

const changed = (more: object): string => JSON.stringify({ ...step('update'), ...more })

describe('a step that was kept', () => {
  test.each(STEPS)('to $action is the same when it is read', (one) => {
    expect(readStep(JSON.stringify(one))).toEqual(one)
  })

  test('in the form of before means the same', () => {
    const body = changed({
      ...{ itemId: 12, leaveAlbum: 7 },
      item: { ...item({ photo: '' }), categoryId: 0, album: { id: 5 } },
    })

    const read = readStep(body)

    expect(read).toMatchObject({ itemId: '12', leaveAlbum: '7', item: { album: { id: '5' } } })
    for (const field of ['photo', 'categoryId']) expect(read).not.toHaveProperty(`item.${field}`)
    expect(readStep(JSON.stringify({ ...step('create'), itemId: 12 }))).not.toHaveProperty('itemId')
  })

  test.each([
    '',
    'null',
    '[]',
    '{}',
    '{"action":',
    changed({ action: 'merge' }),
    changed({ itemId: undefined }),
    changed({ itemId: '' }),
    changed({ item: undefined }),
    changed({ item: { ...item(), price: '180' } }),
    changed({ item: { ...item(), hidden: undefined } }),
    changed({ fields: ['colour'] }),
    changed({ only: ['colour'] }),
    changed({ productId: '' }),
    changed({ before: { price: null } }),
    JSON.stringify({ ...step('delete'), reason: undefined }),
  ])('as %s is none', (body) => {
    expect(readStep(body)).toBeUndefined()
  })
})
