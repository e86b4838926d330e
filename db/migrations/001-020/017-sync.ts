import type { Knex } from 'knex'

/** The catalogue: which store goes to which community, what is known of each product, every run and its steps. */
export async function up(db: Knex) {
  await db.schema.createTable('sync_links', (table) => {
    table.increments()
    table.integer('user_id').notNullable()
    table.foreign('user_id').references('id').inTable('users').onDelete('CASCADE')
    table.string('store_id', 128).notNullable()
    table.string('store_name', 255).notNullable()
    table.string('community_id', 128).notNullable() // empty: a file only
    table.string('community_name', 255).notNullable()
    table.text('community_url').notNullable()
    table.text('settings').notNullable()
    table.integer('revision').notNullable().defaultTo(1) // grows with the settings: what was shown before is old
    table.boolean('paused').notNullable().defaultTo(false)
    table.datetime('next_run_at').index() // the tick asks for what is due
    table.datetime('hinted_at')
    table.datetime('listed_from') // changes at the till before this are known
    table.datetime('listed_whole_at')
    table.integer('changes').notNullable().defaultTo(0) // listings that found something new
    table.integer('settled').notNullable().defaultTo(0) // how many of them a run has carried
    table.boolean('singly').notNullable().defaultTo(false)
    table.string('trouble', 64) // a code: nothing runs until a person has done something
    table.text('trouble_values')
    table.text('sealed_feed_key').notNullable()
    table.string('feed_hash', 64).notNullable().unique() // the secret address is found by it
    table.datetime('created_at').notNullable()
    table.unique(['user_id', 'store_id', 'community_id'])
  })

  await db.schema.createTable('sync_items', (table) => {
    table.increments()
    table.integer('link_id').notNullable()
    table.foreign('link_id').references('id').inTable('sync_links').onDelete('CASCADE')
    table.string('product_id', 128).notNullable()
    table.text('product').notNullable()
    table.integer('misses').notNullable().defaultTo(0) // whole listings in a row without it
    table.bigInteger('item_id') // null: no card of ours
    table.string('sent', 64)
    table.string('photo', 255)
    table.string('photo_hash', 64)
    table.bigInteger('album_id')
    table.string('view', 64)
    table.integer('repeats').notNullable().defaultTo(0)
    table.unique(['link_id', 'product_id'])
  })

  await db.schema.createTable('sync_groups', (table) => {
    table.increments()
    table.integer('link_id').notNullable()
    table.foreign('link_id').references('id').inTable('sync_links').onDelete('CASCADE')
    table.string('group_id', 128).notNullable()
    table.text('body').notNullable()
    table.bigInteger('album_id')
    table.unique(['link_id', 'group_id'])
  })

  await db.schema.createTable('sync_runs', (table) => {
    table.increments()
    table.integer('link_id').notNullable()
    table.foreign('link_id').references('id').inTable('sync_links').onDelete('CASCADE')
    table.integer('active_link_id').unique() // while it is not over: one a link
    table.string('state', 16).notNullable()
    table.string('origin', 16).notNullable()
    table.string('started_by', 255) // a person's name
    table.integer('parent_id') // the run whose failures are tried again, or whose changes are taken back
    table.boolean('whole').notNullable() // lists everything, not only what has changed
    table.boolean('confirmed').notNullable().defaultTo(false) // so many may vanish
    table.string('stage', 16).notNullable()
    table.string('digest', 64) // of the steps that were shown
    table.integer('link_revision').notNullable()
    table.integer('changes').notNullable().defaultTo(0) // of the link, when its till was listed
    table.integer('products').notNullable().defaultTo(0)
    table.integer('shown_before').notNullable().defaultTo(0)
    table.integer('unchanged').notNullable().defaultTo(0)
    table.integer('total').notNullable().defaultTo(0) // changes to be made
    table.integer('created').notNullable().defaultTo(0)
    table.integer('updated').notNullable().defaultTo(0)
    table.integer('hidden').notNullable().defaultTo(0)
    table.integer('removed').notNullable().defaultTo(0)
    table.integer('failed').notNullable().defaultTo(0)
    table.integer('skipped').notNullable().defaultTo(0)
    table.string('reason', 64)
    table.text('reason_values')
    table.text('reason_link')
    table.datetime('resume_at')
    table.integer('pauses').notNullable().defaultTo(0)
    table.boolean('stop_asked').notNullable().defaultTo(false)
    table.string('lease_owner', 64)
    table.string('lease_process', 255)
    table.datetime('lease_until')
    table.datetime('created_at').notNullable()
    table.datetime('started_at')
    table.datetime('finished_at')
    table.index(['link_id', 'created_at']) // the history of a link
    table.index(['state', 'lease_until']) // the tick asks for what nobody carries out
  })

  await db.schema.createTable('sync_steps', (table) => {
    table.increments()
    table.integer('run_id').notNullable()
    table.foreign('run_id').references('id').inTable('sync_runs').onDelete('CASCADE')
    table.integer('place').notNullable()
    table.string('product_id', 128).notNullable()
    table.string('action', 16).notNullable()
    table.text('body').notNullable()
    table.string('state', 16).notNullable()
    table.datetime('sent_at') // a card may have been made from then on
    table.bigInteger('item_id')
    table.boolean('placed').notNullable().defaultTo(true) // false: its album is still to be seen to
    table.string('code', 64)
    table.text('code_values')
    table.index(['run_id', 'state', 'place']) // what is still to be done
    table.index(['run_id', 'place']) // pages of the list
  })

  await db.schema.createTable('sync_photos', (table) => {
    table.increments()
    table.integer('user_id').notNullable()
    table.foreign('user_id').references('id').inTable('users').onDelete('CASCADE')
    table.string('name', 255).notNullable()
    table.string('hash', 64).notNullable()
    table.integer('width').notNullable()
    table.integer('height').notNullable()
    table.binary('jpeg').notNullable()
    table.datetime('created_at').notNullable()
    table.unique(['user_id', 'hash'])
  })
}

export async function down(db: Knex) {
  for (const table of ['photos', 'steps', 'runs', 'groups', 'items', 'links'])
    await db.schema.dropTable(`sync_${table}`)
}
