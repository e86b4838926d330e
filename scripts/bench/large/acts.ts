import type { Context } from '../../../app/context.ts'
import { watchOutages } from '../../../app/flows/notices/watch-outages.ts'
import { deleteAccount } from '../../../app/flows/accounts/delete-account.ts'
import { removeLink } from '../../../app/flows/catalogue/remove-link.ts'
import type { User } from '../../../app/store/users.ts'
import { exportAccount } from '../../../app/flows/accounts/change-account.ts'
import { jsonPieces } from '../../../app/web/accounts/json-pieces.ts'
import { scrape } from '../../../app/flows/scrape.ts'
import { sweepChecks } from '../../../app/store/check-sweep.ts'
import { sweep } from '../../../app/flows/sweep.ts'
import { BUSIEST, OWNER } from './sizes.ts'

const LEASE_MS = 90_000
const HOUR_MS = 3600_000
const NEWS = { key: 'key', event: 'connected', payload: '{}' }

/** What happens without a page: claims, jobs, figures, hints. */
export const actsOf = (ctx: Context): [name: string, act: () => Promise<unknown>][] => [
  ['claim of 25 checks', () => ctx.checks.claim(BUSIEST, new Date(), 25, 'me', LEASE_MS)],
  [
    'claim of checks where none is due',
    () => ctx.checks.claim(BUSIEST, new Date(Date.now() - 400 * 24 * HOUR_MS), 25, 'me', LEASE_MS),
  ],
  ['lease ends of a platform', () => ctx.checks.nextLeaseEnd(BUSIEST, new Date())],
  ['watching outages', () => watchOutages(ctx)],
  ['/metrics', () => scrape(ctx)],
  ['checks of a day', () => ctx.overview.checks(new Date(Date.now() - 24 * HOUR_MS))],
  ['refreshes of a day', () => ctx.overview.refreshes(new Date(Date.now() - 24 * HOUR_MS))],
  ['postponed', () => ctx.overview.postponed()],
  [
    'claim of a run',
    () => ctx.syncRuns.claim({ instance: 'me', workplace: 'here:1' }, LEASE_MS, ['dead']),
  ],
  ['claim of due pairs', () => ctx.syncLinks.takeDue(50, 600_000)],
  ['who carries runs', () => ctx.syncRuns.processes('here')],
  ['claim of a delivery', () => ctx.deliveries.claim('me', LEASE_MS)],
  ['news for a webhook', () => ctx.deliveries.queue(OWNER, NEWS)],
  ['a dead end rests', () => ctx.deliveries.rest(OWNER)],
  ['claim of notices', () => ctx.noticeQueue.claim('me', new Date(), 100, LEASE_MS)],
  ['notices nobody writes of', () => ctx.noticeQueue.skipAll()],
  ['claim of letters', () => ctx.letters.claim('me', 10, LEASE_MS)],
  ['hint of a store', () => ctx.syncLinks.hint('store-77')],
  ['hint of an account', () => ctx.syncLinks.hintAccount('evotor', '77')],
  ['connections of an account', () => ctx.connections.ofAccount(BUSIEST, '77')],
  ['people of a platform', () => ctx.connections.countByProvider()],
  ['last done of a link', () => ctx.syncRuns.lastDone([1])],
  ['last run of a link', () => ctx.syncRuns.last(1)],
  ['history of a link', () => ctx.syncRuns.history([1], 20)],
  ['cards before this run', () => ctx.syncSteps.anyUnsettledBefore({ id: 1, linkId: 1 })],
  ['products of a link', () => ctx.syncItems.count(1)],
  ['cards of a link', () => ctx.syncItems.countCards(1)],
  ['all products of a link', () => ctx.syncItems.known(1)],
  ['export of an account', () => exported(ctx)],
  ['who else leads there', () => ctx.syncHolds.isShared({ id: 1, target: 'vk', communityId: '1' })],
  ['photos of an owner', () => ctx.photos.list(OWNER)],
  ['journal of a rare event', () => ctx.events.page({ event: 'provider_added' }, 50)],
  ['journal of a person', () => ctx.events.page({ userId: OWNER }, 50)],
  ['last event of a connection', () => ctx.events.lastAt(OWNER, 'evotor', 'connected')],
  ['ways of coming in by a platform', () => ctx.identities.count('google')],
]

/** Once each: it leaves less behind for the next. */
export const sweepsOf = (ctx: Context): [name: string, act: () => Promise<unknown>][] => {
  const ago = (days: number) => new Date(Date.now() - days * 24 * HOUR_MS)
  return [
    ['sweep of sessions', () => ctx.sessions.sweep()],
    ['sweep of attempts', () => ctx.attempts.sweep()],
    ['sweep of sign-in attempts', () => ctx.signInAttempts.sweep()],
    ['sweep of resets', () => ctx.resets.sweep()],
    ['sweep of limits', () => ctx.limits.sweep()],
    ['sweep of lanes', () => ctx.paces.sweep()],
    ['sweep of keys', () => ctx.apiTokens.sweep()],
    ['sweep of notices', () => ctx.notices.sweep(ago(30))],
    ['sweep of deliveries', () => ctx.deliveries.sweep(ago(30))],
    ['sweep of runs', () => ctx.syncRuns.sweep(ago(85), ago(1))],
    ['sweep of the journal', () => ctx.events.sweep(ago(350))],
    ['sweep of checks', () => sweepChecks(ctx.db, ago(4), new Date())],
    ['end of a pair', () => removeLink(ctx, { id: 1, userId: OWNER })],
    ['end of an account', () => deleteAccount(ctx, { id: OWNER } as User)],
    ['sweep of words', () => ctx.userSearch.fill()],
    ['sweep of nothing', () => sweep(ctx, new Date())],
  ]
}

async function exported(ctx: Context) {
  const user = await ctx.users.find(OWNER)
  if (!user) throw new Error('nobody is there')
  let length = 0
  for await (const piece of jsonPieces(await exportAccount(ctx, user))) length += piece.length
  return length
}
