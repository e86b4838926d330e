import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { HALF_HOURS } from '../../app/store/check-times.ts'
import { schemaOf } from '../../app/store/undo.ts'
import { ENGINES } from '../support/databases.ts'
import { addPerson, connect, openContext } from './context.ts'

describe.each(ENGINES)('What we say of our tables on %s', (engine) => {
  test('is every table with every column, as the migrations leave them', async () => {
    const { db } = await openContext(engine)

    const there = await schemaOf(db)

    there.delete('sqlite_sequence')
    expect(sorted(declared())).toEqual(sorted(there))
  })

  test('does not compile with a misspelt column, nor with a word no column may hold', async () => {
    const ctx = await openContext(engine)
    const { db } = ctx
    const person = await addPerson(ctx)

    const wrong = [
      // @ts-expect-error what is written
      () => db('connections').update({ helth: 'online' }),
      // @ts-expect-error written, beside an expression
      () => db('connections').update({ refusal: db.raw('refusals + 1'), health: 'online' }),
      // @ts-expect-error what is added
      () => db('users').insert({ emale: 'oleg@example.ru' }),
      // @ts-expect-error what is asked for
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- it guesses at an overload
      () => db('connections').where({ user: person.id }),
      // @ts-expect-error a word of no verdict
      () => db('connections').update({ health: 'well' }),
      // @ts-expect-error a number where a text belongs
      () => db('users').update({ name: 5 }),
    ]

    for (const statement of wrong.slice(0, 4)) await expect(statement()).rejects.toThrow(/column/)
  })
})

describe.each(ENGINES)('A word of a newer version on %s', (engine) => {
  const strange = (ctx: Context, table: string, column: string) =>
    ctx.db.raw('update ?? set ?? = ?', [table, column, 'of_tomorrow'])

  test('is no proof that a connection lives', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx)
    const link = await connect(ctx, id)
    await ctx.checks.record(link, { health: 'online' })
    await strange(ctx, 'connections', 'health')
    await strange(ctx, 'check_counts', 'health')

    const found = await ctx.connections.findById(link.id)

    expect(found).toMatchObject({ health: 'unreachable', isOnline: false })
    expect(await ctx.checkHistory.counts(link.id, new Date(0))).toEqual([])
  })

  test('makes nobody an administrator', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx)
    await strange(ctx, 'users', 'role')

    expect((await ctx.users.find(id))?.role).toBe('owner')
  })

  test('leaves a notice to the version that knows what it is', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx)
    await ctx.notices.addStop(id, 'vk', 'token_revoked')
    await ctx.notices.addStop(id, 'vk', 'token_revoked')
    await ctx.db.raw("update notices set kind = 'of_tomorrow' where id = 1")

    const claimed = await ctx.noticeQueue.claim('me', new Date(Date.now() + 1000), 9, 60_000)

    expect(claimed.map((one) => one.id)).toEqual([2])
    await ctx.noticeQueue.skipAll()
    expect(await ctx.db('notices').whereNull('told_at').pluck('id')).toEqual([1])
  })
})

/** Tables and columns of app/store/tables.ts, as they are written there. */
function declared(): Map<string, string[]> {
  const path = new URL('../../app/store/tables.ts', import.meta.url)
  const file = ts.createSourceFile('tables.ts', readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023)
  const columns = new Map<string, string[]>()
  const rows = new Map<string, string>()
  const visit = (node: ts.Node): void => {
    if (ts.isInterfaceDeclaration(node) && node.name.text !== 'Tables')
      columns.set(node.name.text, [...node.members.map(nameOf), ...inherited(node, file)])
    else if (ts.isInterfaceDeclaration(node))
      for (const member of node.members)
        rows.set(nameOf(member), /Table<(\w+)>/.exec(textOf(member, file))?.[1] ?? '')
    else ts.forEachChild(node, visit)
  }
  visit(file)
  return new Map([...rows].map(([table, row]) => [table, columns.get(row) ?? []]))
}

const inherited = ({ heritageClauses }: Heir, file: ts.SourceFile) =>
  [...(heritageClauses ?? [])].some((clause) => textOf(clause, file).includes('Record<Half,'))
    ? HALF_HOURS
    : []

type Heir = Pick<ts.InterfaceDeclaration, 'heritageClauses'>

const nameOf = ({ name }: ts.TypeElement): string =>
  name && ts.isIdentifier(name) ? name.text : ''

const textOf = (node: ts.Node, file: ts.SourceFile): string => node.getText(file)

const sorted = (tables: Map<string, string[]>) =>
  [...tables].map(([table, columns]) => [table, columns.toSorted()] as const).toSorted(byName)

const byName = ([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]) =>
  a < b ? -1 : 1
