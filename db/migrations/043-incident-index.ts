import type { Knex } from 'knex'

/** The watch over outages asks at each tick for connections in trouble: seldom any, or all of a platform. */
export async function up(db: Knex) {
  await db.raw(
    'create index connections_incident_index on connections (incident, provider, detail) where incident is not null',
  )
}

export async function down(db: Knex) {
  await db.raw('drop index connections_incident_index')
}
