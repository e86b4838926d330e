import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import type { Context } from '../../app/context.ts'
import { createVault } from '../../app/crypto/vault.ts'
import { keyUse } from '../../app/store/key-use.ts'
import { labels } from '../../app/store/sealed-columns.ts'
import { keepCanary } from '../../app/store/vault-canary.ts'
import { addPerson, openContext, openWith } from '../store/context.ts'
import { ENGINES } from '../support/databases.ts'
import { databaseVariables, run, tempFolder } from '../support/process.ts'

const ROWS = 1_700
/** It is held at this row, in the third slice of five hundred. */
const HELD = 1_200

test.each(ENGINES)(
  'npm run rotate-keys killed half-way leaves all readable, and goes on when run again, on %s',
  async (engine) => {
    const [k1, k2] = [randomBytes(32), randomBytes(32)]
    const { config } = await openContext(engine)
    const ctx = openWith({ ...config, tokenKeys: [{ id: 'k1', bytes: k1 }] })
    await keepCanary(ctx.db, ctx.vault)
    const { id: userId } = await addPerson(ctx)
    await fill(ctx, userId)
    const letGo = await (engine === 'sqlite' ? holdSqlite(ctx) : holdPostgres(ctx))
    const TOKEN_KEYS = `k2:${k2.toString('base64')},k1:${k1.toString('base64')}`
    const env = { ...freshSecrets(), TOKEN_KEYS, ...databaseVariables(ctx.config) }

    const killed = run('scripts/rotate-keys.ts', tempFolder(), env)
    await expect.poll(() => sealedWith(ctx, 'k2'), { timeout: 120_000 }).toBe(1_000)
    await killed.stop('SIGKILL')
    await letGo()

    const both = createVault([
      { id: 'k2', bytes: k2 },
      { id: 'k1', bytes: k1 },
    ])
    expect(await readable(ctx, userId, both)).toBe(ROWS)

    const again = run('scripts/rotate-keys.ts', tempFolder(), env)
    expect(await again.ended).toBe(0)
    expect(again.output()).toContain('Больше не нужны, можно убрать из TOKEN_KEYS: k1')
    expect(await readable(ctx, userId, createVault([{ id: 'k2', bytes: k2 }]))).toBe(ROWS)
  },
)

async function fill({ db, vault }: Context, userId: number) {
  const sealed_verifier = vault.seal('verifier', labels.verifier(userId))
  const rows = Array.from({ length: ROWS }, (_, nth) => ({
    ...{ state_hash: `state-${nth}`, session_hash: 'none', user_id: userId, provider: 'vk' },
    ...{ sealed_verifier, created_at: new Date(), expires_at: new Date() },
  }))
  await db.batchInsert('connection_attempts', rows, 100)
}

/** The statement that comes to this row does not end. */
async function holdSqlite({ db }: Context) {
  await db.raw(
    'create view endless as with recursive n(i) as (select 1 union all select i + 1 from n) select i from n',
  )
  await db.raw(
    `create trigger held before update on connection_attempts when old.id = ${HELD} begin select count(*) from endless; end`,
  )
  return async () => {
    await db.raw('drop trigger held')
    await db.raw('drop view endless')
  }
}

/** It waits for somebody who has this row. */
async function holdPostgres({ db }: Context) {
  const held = await db.transaction()
  await held('connection_attempts').where({ id: HELD }).forUpdate()
  return async () => {
    await held.rollback()
  }
}

async function sealedWith({ db }: Context, key: string): Promise<number> {
  return (await keyUse(db)).find(({ keyId }) => keyId === key)?.values ?? 0
}

async function readable({ db }: Context, userId: number, vault: ReturnType<typeof createVault>) {
  const sealed = await db('connection_attempts').pluck<string[]>('sealed_verifier')
  return sealed.filter((text) => vault.open(text, labels.verifier(userId)) === 'verifier').length
}
