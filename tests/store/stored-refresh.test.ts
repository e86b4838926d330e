import { describe, expect, onTestFinished, test } from 'vitest'
import { type Context, createContext } from '../../app/context.ts'
import { freshAccess } from '../../app/flows/connections/fresh-access.ts'
import { isUnavailable } from '../../app/store/db-errors.ts'
import { openLine } from './engine/line.ts'
import { connectVkId, openVkId, VK_TOKEN_PATH } from './renewable.ts'

describe('The result of a refresh that rotated reaches the database', () => {
  test('it is not begun where nothing can be stored', async () => {
    const { ctx, vk, provider } = await openVkId('sqlite')
    const { id } = await connectVkId({ ctx, vk })
    await readOnly(ctx, true)

    const failure = await freshAccess(ctx, { id, provider }).catch((error: unknown) => error)

    expect(isUnavailable(failure)).toBe(true)
    expect(vk.count(VK_TOKEN_PATH)).toBe(0)
    await readOnly(ctx, false)
    expect((await freshAccess(ctx, { id, provider })).revision).toBe(2)
  })

  test('though the file cannot be written for a moment when the answer comes', async () => {
    const { ctx, vk, provider } = await openVkId('sqlite')
    const { id } = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, { delay: 150 })
    const asking = freshAccess(ctx, { id, provider })
    await expect.poll(() => vk.count(VK_TOKEN_PATH)).toBe(1)
    await readOnly(ctx, true)
    await expect.poll(() => vk.spent.size).toBe(1)

    await readOnly(ctx, false)

    expect((await asking).revision).toBe(2)
    await expectAlive({ ctx, vk, id })
  })

  test.each(['unheard', 'unanswered'] as const)(
    'though the line to the server breaks over it, the statement being %s',
    async (when) => {
      const { ctx, vk, provider } = await openVkId('postgres')
      const { id } = await connectVkId({ ctx, vk })
      const line = await openLine(ctx.config.database)
      const remote = createContext({ ...ctx.config, database: line.config }, { log: ctx.log })
      onTestFinished(() => remote.close())
      line.cutAt('"sealed_tokens" =', when)

      const { revision } = await freshAccess(remote, { id, provider })

      expect(revision).toBe(2)
      expect(vk.count(VK_TOKEN_PATH)).toBe(1)
      await expectAlive({ ctx, vk, id })
    },
  )
})

async function readOnly({ db }: Context, on: boolean) {
  await db.raw(`pragma query_only = ${on ? 'on' : 'off'}`)
}

/** What is stored is what the platform knows. */
async function expectAlive({
  ctx,
  vk,
  id,
}: Pick<Awaited<ReturnType<typeof openVkId>>, 'ctx' | 'vk'> & { id: number }) {
  const { accessToken, refreshToken = '' } = (await ctx.connections.findTokens(id))?.tokens ?? {}
  expect(vk.tokens.has(accessToken ?? '')).toBe(true)
  expect(vk.refreshTokens.has(refreshToken)).toBe(true)
}
