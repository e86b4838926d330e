import type { Knex } from 'knex'

const AT_ONCE = 1_000

/** People are found by the beginning of any word of their name or address. */
export async function up(db: Knex) {
  const postgres = (db.client as { driverName: string }).driverName === 'pg'
  await db.schema.createTable('user_words', (table) => {
    // By signs, whatever language the database sorts in: a beginning is a range of words.
    table.specificType('word', postgres ? 'varchar(254) collate "C"' : 'varchar(254)').notNullable()
    table.integer('user_id').notNullable()
    table.foreign('user_id').references('id').inTable('users').onDelete('CASCADE')
    table.primary(['word', 'user_id'])
    table.index(['user_id', 'word'])
  })
  for (let after = 0; ;) {
    const people = await db('users')
      .where('id', '>', after)
      .orderBy('id')
      .limit(AT_ONCE)
      .select<{ id: number; email: string; name: string }[]>('id', 'email', 'name')
    const last = people.at(-1)
    if (!last) return
    const rows = people.flatMap(({ id, email, name }) =>
      wordsOf(email, name).map((word) => ({ word, user_id: id })),
    )
    await db.batchInsert('user_words', rows, 250)
    after = last.id
  }
}

export async function down(db: Knex) {
  await db.schema.dropTable('user_words')
}

/** As `app/store/user-words.ts` had it then. */
function wordsOf(email: string, name: string): string[] {
  const plain = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll('ё', 'е')
  const parts = [email, email.slice(email.lastIndexOf('@') + 1)]
  const words = `${email.slice(0, email.lastIndexOf('@'))} ${name}`.split(/[^\p{L}\p{N}]+/u)
  const all = [...parts, ...words, ...name.split(/\s+/)].map(plain).filter(Boolean)
  return [...new Set(all)].slice(0, 20)
}
