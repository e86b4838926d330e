import { createHash } from 'node:crypto'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { MARINA, type Ok, startOk } from '../../simulators/ok.ts'

const RIGHTS = ['VALUABLE_ACCESS', 'GROUP_CONTENT', 'PHOTO_CONTENT']

let ok: Ok
let gid: string
beforeEach(async () => {
  ok = await startOk()
  onTestFinished(() => ok.stop())
  gid = [...ok.market.groups.keys()][0] ?? ''
})

test('who signs as the manual has it is heard', async () => {
  const fields = 'UID,NAME'

  expect(await ask({ method: 'users.getCurrentUser', fields })).toEqual({
    uid: MARINA.id,
    name: MARINA.name,
  })
})

test.each([
  ['a wrong signature', { sig: '0'.repeat(32) }, 104],
  ['another application', { application_key: 'CNOBODY' }, 101],
  ['a session nobody has', { access_token: 'nobody' }, 104],
  ['no session', { access_token: '' }, 453],
])('%s is refused', async (_what, other, code) => {
  expect(await ask({ method: 'users.getCurrentUser' }, other)).toMatchObject({ error_code: code })
})

test('a method nobody knows, and one whose right is missing', async () => {
  expect(await ask({ method: 'market.steal' })).toMatchObject({ error_code: 3 })
  const scope = ['VALUABLE_ACCESS']
  expect(await ask({ method: 'market.getProducts', gid }, {}, scope)).toMatchObject({
    error_code: 10,
  })
})

const title = { type: 'text', text: 'Чай' }
const sale = { type: 'product', price: 10.5, lifetime: 30 }

test.each([
  ['no description and no photo', [title, sale]],
  ['another order', [sale, title, title]],
  ['a price that is a text', [title, title, { ...sale, price: '10' }]],
  ['more than a month in a group', [title, title, { ...sale, lifetime: 0 }]],
  ['something after the product', [title, title, sale, title]],
  ['a photo nobody sent', [title, { type: 'photo', list: [{ id: 'x' }] }, sale]],
])('%s makes no card', async (_what, media) => {
  expect(await add(media)).toMatchObject({ error_code: 100 })
})

test('a status is reached by the manual’s ways alone', async () => {
  const { product_id } = (await add([title, title, sale])) as { product_id: string }
  const set = (product_status: string) =>
    ask({ method: 'market.setStatus', product_id, product_status })

  expect(await set('ACTIVE')).toMatchObject({ error_code: 300 })
  expect(await set('OUT_OF_STOCK')).toMatchObject({ error_code: 300 }) // of pages only
  expect(await set('SOLD')).toEqual({ success: true })
  expect(await set('CLOSED')).toMatchObject({ error_code: 300 })
  expect(await set('ACTIVE')).toEqual({ success: true })
})

const add = (media: unknown[]) =>
  ask({ method: 'market.add', gid, type: 'GROUP_PRODUCT', attachment: JSON.stringify({ media }) })

async function ask(
  own: Record<string, string>,
  other: Record<string, string> = {},
  scope = RIGHTS,
) {
  const access_token = ok.issue({ userId: MARINA.id, scope })
  const params: Record<string, string> = { ...own, application_key: ok.publicKey, format: 'json' }
  const signed = Object.keys(params)
    .sort()
    .map((name) => `${name}=${params[name] ?? ''}`)
    .join('')
  const sig = md5(signed + md5(access_token + ok.clientSecret))
  const body = new URLSearchParams({ ...params, sig, access_token, ...other })
  const answer = await fetch(`${ok.url}/fb.do`, { method: 'POST', body })
  return await answer.json()
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
