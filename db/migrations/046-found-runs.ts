import type { Knex } from 'knex'

/** What may run by itself; the queue's questions say the same words. */
const FREE = 'not paused and (trouble is null or trouble_passes)'

const INDEXES = {
  sync_runs_ended: 'sync_runs (link_id, state, id)', // the last that was done
  sync_runs_of_link: 'sync_runs (link_id, id)', // the history of a link
  sync_runs_active: 'sync_runs (state, id) where active_link_id is not null', // what waits, and who carries what
  sync_runs_resting: 'sync_runs (resume_at) where resume_at is not null',
  sync_runs_rested: 'sync_runs (paused_at) where paused_at is not null', // the clock was set back since
  sync_runs_old: 'sync_runs (finished_at) where finished_at is not null', // the hourly sweep
  sync_runs_drafts: 'sync_runs (created_at) where finished_at is null and active_link_id is null', // the same
  sync_links_due: `sync_links (next_run_at) where next_run_at is not null and ${FREE}`,
  sync_links_planned: `sync_links (planned_at) where next_run_at is not null and ${FREE}`,
  sync_links_hinted: `sync_links (hinted_at) where hinted_at is not null and ${FREE}`,
  sync_links_stores: 'sync_links (store_id)', // what a till says has changed
  sync_links_communities: 'sync_links (target, community_id)', // who else leads there
  sync_items_cards: 'sync_items (link_id) where item_id is not null',
  sync_steps_unsettled: "sync_steps (run_id) where state = 'sending' and sent_at is not null",
  sync_steps_counted: 'sync_steps (run_id, action, state, code)', // what a run came to
}

export async function up(db: Knex) {
  for (const [name, on] of Object.entries(INDEXES)) await db.raw(`create index ${name} on ${on}`)
  await db.schema.alterTable('sync_runs', (table) => {
    table.dropIndex(['link_id', 'created_at'])
    table.dropIndex(['state', 'lease_until'])
  })
  await db.schema.alterTable('sync_links', (table) => {
    table.dropIndex(['next_run_at'])
  })
}

export async function down(db: Knex) {
  await db.schema.alterTable('sync_links', (table) => {
    table.index(['next_run_at'])
  })
  await db.schema.alterTable('sync_runs', (table) => {
    table.index(['link_id', 'created_at'])
    table.index(['state', 'lease_until'])
  })
  for (const name of Object.keys(INDEXES)) await db.raw(`drop index ${name}`)
}
