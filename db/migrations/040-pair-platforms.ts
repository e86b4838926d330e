import type { Knex } from 'knex'
import { dropColumns } from './drop-columns.ts'

const PAIR_BEFORE = ['user_id', 'store_id', 'community_id']
const PAIR = ['user_id', 'source', 'store_id', 'target', 'community_id']
const HOLD_BEFORE = ['community_id', 'ending']
const HOLD = ['target', 'community_id', 'ending']

/** A pair says from which platform to which: until now there was one of each. */
export async function up(db: Knex) {
  await db.schema.alterTable('sync_links', (table) => {
    table.string('source', 64).notNullable().defaultTo('evotor')
    table.string('target', 64).notNullable().defaultTo('vk') // empty: a file only
  })
  await db('sync_links').where({ community_id: '' }).update({ target: '' })
  await db.schema.alterTable('sync_links', (table) => {
    table.dropUnique(PAIR_BEFORE)
    table.unique(PAIR)
  })
  await db.schema.alterTable('sync_holds', (table) => {
    table.string('target', 64).notNullable().defaultTo('vk')
    table.dropUnique(HOLD_BEFORE)
  })
  await db.schema.alterTable('sync_holds', (table) => {
    table.unique(HOLD)
  })
}

export async function down(db: Knex) {
  await db.schema.alterTable('sync_holds', (table) => {
    table.dropUnique(HOLD)
  })
  await dropColumns(db, 'sync_holds', 'target')
  await db.schema.alterTable('sync_holds', (table) => {
    table.unique(HOLD_BEFORE)
  })
  await db.schema.alterTable('sync_links', (table) => {
    table.dropUnique(PAIR)
  })
  await dropColumns(db, 'sync_links', 'source', 'target')
  await db.schema.alterTable('sync_links', (table) => {
    table.unique(PAIR_BEFORE)
  })
}
