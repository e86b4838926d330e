import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { backUp } from '../../../app/flows/back-up.ts'
import { scrape } from '../../../app/flows/scrape.ts'
import { openBeside, openContext, openWith } from '../../store/context.ts'
import { ENGINES } from '../../support/databases.ts'
import { tempFolder } from '../../support/process.ts'

const TICK = new Date('2026-11-29T03:30:00Z')

test('one of several instances makes the copy of a tick, for its owner only, and older ones of ours go', async () => {
  const folder = inFolder()
  mkdirSync('backups')
  const older = ['evosync-2026-01-01-00-00-00.sqlite', 'evosync-2026-01-02-00-00-00.sqlite']
  const others = ['before-050-goods-in-order-2026.sqlite', 'evosync-old.sqlite', 'notes.txt']
  for (const name of [...older, ...others]) writeFileSync(path.join('backups', name), 'x')
  const { config } = await openContext('sqlite')
  const ctx = openWith({ ...config, backupKeep: 2 })
  const instances = [ctx, openBeside(ctx), openBeside(ctx)]

  await Promise.all(instances.map((one) => backUp(one, TICK)))

  const there = readdirSync(path.join(folder, 'backups'))
  const made = there.filter((name) => ![...older, ...others].includes(name))
  expect(made).toEqual([expect.stringMatching(/^evosync-[\d-]{19}\.sqlite$/)])
  expect(there.sort()).toEqual([...made, older[1] ?? '', ...others].sort())
  expect(statSync(path.join('backups', made[0] ?? '')).mode & 0o777).toBe(0o600)
  expect(await ctx.backups.state()).toMatchObject({
    last: { file: path.join(folder, 'backups', made[0] ?? '') },
    trouble: undefined,
  })
  expect(await scrape(ctx)).toMatch(/^evosync_backup_age_seconds \d/m)
})

test('a copy that fails is told in figures and in words, until one succeeds', async () => {
  inFolder()
  writeFileSync('backups', 'no folder')
  const { config } = await openContext('sqlite')
  const ctx = openWith(config, { tolerant: true })

  await expect(backUp(ctx, TICK)).rejects.toThrow('Копия не сделана')

  expect((await ctx.backups.state()).trouble?.words).toContain('Копия не сделана')
  const figures = await scrape(ctx)
  expect(figures).toMatch(/^evosync_backup_failed 1$/m)
  expect(figures).not.toMatch(/^evosync_backup_age_seconds \d/m)
})

test.each(ENGINES)('a tick is handed out once on %s', async (engine) => {
  const ctx = await openContext(engine)
  const beside = openBeside(ctx)

  const taken = await Promise.all([ctx, beside, ctx, beside].map((one) => one.backups.claim(TICK)))

  expect(taken.filter((id) => id !== undefined)).toHaveLength(1)
})

/** Copies go to a folder of the working directory. */
function inFolder(): string {
  const [before, folder] = [process.cwd(), tempFolder()]
  process.chdir(folder)
  onTestFinished(() => {
    process.chdir(before)
  })
  return folder
}
