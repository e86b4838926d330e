import type { Context } from '../../app/context.ts'
import type { Stores } from '../../app/store/all.ts'
import type { Connection } from '../../app/store/connection.ts'
import type { Link } from '../../app/store/sync-links.ts'
import type { CustomPlatform } from '../../app/providers/custom-platform.ts'
import { ago, connect, DAY_MS, fromNow, granted } from './context.ts'
import { session } from './session.ts'
import { destroy, get, set, touch } from './session.ts'

type GoodsStore = Extract<keyof Stores, `sync${string}`> | 'photos'

/** Calls of stores by their names; a method without one does not compile. */
export type CallsOf<Names extends keyof Stores> = {
  [Store in Names]: {
    [
      Method in keyof Stores[Store] as Stores[Store][Method] extends (...args: never) => unknown
        ? Method
        : never
    ]: () => unknown
  }
}

export interface Scene {
  ctx: Context
  connection: Connection
  link: Link
}

const LEASE_MS = 60_000
const RAYON: CustomPlatform = {
  ...{ key: 'rayon', title: 'Район', icon: 'shop', clientId: '1', scope: '', scopeDelimiter: ' ' },
  authorizeUrl: 'https://rayon.example.ru/authorize',
  tokenUrl: 'https://rayon.example.ru/token',
  userinfoUrl: 'https://rayon.example.ru/me',
  ...{ issuerRequired: false, pkce: true, clientAuth: 'none', enabled: true },
}
const NEWS = { key: 'key', event: 'connected', payload: '{}' }
const SIGNED_IN = session({ userId: 1, signedInAt: Date.now() })

/** Every method of every store but those of the goods, in an order that leaves something to the later ones. */
export function callsOf({
  ctx,
  connection,
}: Scene): CallsOf<Exclude<keyof Stores, GoodsStore | 'sessions'>> {
  const { userId, provider, id } = connection
  const origin = { state: 'state', sessionId: 'sid', userId, provider }
  const signIn = { ...origin, purpose: 'link' } as const
  const outsider = { provider, subject: '1', email: 'marina@example.ru' }
  const account = { id: '1', name: 'Марина', profile: {} }
  const delivery = { id: 1, webhookId: 1, ...NEWS, status: 'pending', attempts: 0 } as const
  const sent = {
    ...delivery,
    nextAttemptAt: undefined,
    responseStatus: undefined,
    error: undefined,
  }
  const whole = { ...sent, createdAt: new Date(), deliveredAt: undefined }
  const newcomer = { email: 'oleg@example.ru', name: 'Олег', passwordHash: null }

  return {
    users: {
      find: () => ctx.users.find(userId),
      findByEmail: () => ctx.users.findByEmail('marina@example.ru'),
      passwordHash: () => ctx.users.passwordHash(userId),
      isEmpty: () => ctx.users.isEmpty(),
      named: () => ctx.users.named([userId, 99]),
      administrator: () => ctx.users.administrator(),
      addFounder: () => ctx.users.addFounder({ ...newcomer, email: 'first@example.ru' }),
      add: () => ctx.users.add({ ...newcomer, email: 'second@example.ru' }, 'admin'),
      update: () => ctx.users.update(userId, { name: 'Марина' }),
      setPasswordHash: () => ctx.users.setPasswordHash(userId, 'hash'),
      setRole: () => ctx.users.setRole(userId, 'owner'),
      noteSignIn: () => ctx.users.noteSignIn(userId),
      isNeeded: () => ctx.users.isNeeded(userId),
      removeUnlessNeeded: () => ctx.users.removeUnlessNeeded(99),
    },
    standing: {
      setRole: async () => {
        await ctx.users.setRole(userId, 'admin')
        await ctx.standing.setRole(99, 'owner', userId)
      },
      block: () => ctx.standing.block(99, 'спам', userId),
      unblock: () => ctx.standing.unblock(99, userId),
      letIn: () => ctx.standing.letIn(99),
    },
    userSearch: {
      page: async () => {
        for (const text of ['', 'марина', 'мар owner'])
          for (const after of [undefined, 9]) await ctx.userSearch.page({ text, after }, 50)
      },
      fill: () => ctx.userSearch.fill(),
    },
    identities: {
      link: () => ctx.identities.link(userId, outsider),
      find: () => ctx.identities.find(outsider),
      of: () => ctx.identities.of(userId),
      proves: () => ctx.identities.proves(userId, 'marina@example.ru'),
      count: () => ctx.identities.count(provider),
      addUser: () => ctx.identities.addUser({ ...outsider, subject: '2' }, newcomer, false),
      noteUse: () => ctx.identities.noteUse(outsider),
      remove: () => ctx.identities.remove(userId, 1, []),
    },
    signInAttempts: {
      open: () => ctx.signInAttempts.open(signIn, { verifier: 'v', returnTo: '/' }),
      find: () => ctx.signInAttempts.find('state'),
      take: () => ctx.signInAttempts.take(signIn),
      sweep: () => ctx.signInAttempts.sweep(),
    },
    openSessions: {
      of: () => ctx.openSessions.of(userId, 'sid'),
      end: () => ctx.openSessions.end(userId, 1),
      endAll: () => ctx.openSessions.endAll(userId, 'sid'),
    },
    connections: {
      list: () => ctx.connections.list(userId),
      find: () => ctx.connections.find(userId, provider),
      findById: () => ctx.connections.findById(id),
      findTokens: () => ctx.connections.findTokens(id),
      tokensOf: () => ctx.connections.tokensOf(userId, provider),
      ofAccount: () => ctx.connections.ofAccount(provider, '1'),
      ownersOf: () => ctx.connections.ownersOf(provider),
      count: () => ctx.connections.count(provider),
      countByProvider: () => ctx.connections.countByProvider(),
      save: () => connect(ctx, userId, { provider: 'ok' }),
      remove: () => ctx.connections.remove(userId, 'ok'),
    },
    refreshes: {
      claim: () => ctx.refreshes.claim(connection, 'me', LEASE_MS, true),
      store: () => ctx.refreshes.store(connection, granted()),
      release: () => ctx.refreshes.release(connection, 'me', 1000),
      letGo: () => ctx.refreshes.letGo(id, 'me'),
    },
    checks: {
      claim: () => ctx.checks.claim(provider, new Date(), 25, 'me', LEASE_MS),
      nextLeaseEnd: () => ctx.checks.nextLeaseEnd(provider, new Date()),
      record: () =>
        ctx.checks.record({ id, revision: connection.revision + 1 }, { health: 'online' }),
      keepHistory: () => ctx.checks.keepHistory(connection, { health: 'online' }),
      learn: () => ctx.checks.learn(connection, { health: 'unreachable' }),
      postpone: () => ctx.checks.postpone(connection, fromNow(LEASE_MS)),
      countRefusal: () => ctx.checks.countRefusal(id, LEASE_MS),
      putOff: () => ctx.checks.putOff(id, 'me', new Date()),
    },
    checkHistory: {
      add: () => ctx.checkHistory.add(connection, { health: 'online' }, new Date()),
      counts: () => ctx.checkHistory.counts(id, ago(DAY_MS)),
      changes: () => ctx.checkHistory.changes(id, ago(DAY_MS)),
      forget: () => ctx.checkHistory.forget(userId),
      sweep: () => ctx.checkHistory.sweep(ago(DAY_MS), new Date()),
    },
    attempts: {
      open: () => ctx.attempts.open(origin, {}),
      take: () => ctx.attempts.take(origin),
      findTaken: () => ctx.attempts.findTaken(origin),
      finish: () => ctx.attempts.finish(1, 'connected'),
      dropAll: () => ctx.attempts.dropAll('ok'),
      sweep: () => ctx.attempts.sweep(),
    },
    offers: {
      keep: () => ctx.offers.keep(userId, provider, { account, tokens: granted() }),
      find: () => ctx.offers.find(userId, provider),
      take: () => ctx.offers.take(userId, provider),
    },
    letters: {
      add: () => ctx.letters.add(userId, 'reset', {}),
      claim: () => ctx.letters.claim('me', 10, LEASE_MS),
      putOff: () => ctx.letters.putOff(1, 'me', 1000),
      remove: () => ctx.letters.remove(1, 'me'),
    },
    notices: {
      openIncident: () => ctx.notices.openIncident(connection, 'token_revoked', ['outage'], NEWS),
      closeIncident: () => ctx.notices.closeIncident({ ...connection, incident: 'token_revoked' }),
      addStop: () => ctx.notices.addStop(userId, provider, 'token_revoked'),
      recoveries: () => ctx.notices.recoveries(userId),
      outages: () => ctx.notices.outages(userId),
      close: () => ctx.notices.close(userId, 1),
      closeAll: () => ctx.notices.closeAll(userId, provider),
      sweep: () => ctx.notices.sweep(ago(DAY_MS)),
    },
    noticeQueue: {
      claim: () => ctx.noticeQueue.claim('me', new Date(), 10, LEASE_MS),
      hold: () => ctx.noticeQueue.hold([1], 'me', LEASE_MS),
      putOff: () => ctx.noticeQueue.putOff([1], 'me', 1),
      release: () => ctx.noticeQueue.release([1], 'me'),
      told: () => ctx.noticeQueue.told([1], 'me'),
      skipAll: () => ctx.noticeQueue.skipAll(),
    },
    outages: {
      struck: () => ctx.outages.struck(['outage', 'rate_limited']),
      running: () => ctx.outages.running(),
      begin: () => ctx.outages.begin({ provider, code: 'outage', hit: 3 }, ['rate_limited']),
      end: () => ctx.outages.end({ provider, code: 'outage', hit: 3 }),
    },
    webhooks: {
      save: () => ctx.webhooks.save(userId, 'https://shop.example.ru/'),
      find: () => ctx.webhooks.find(userId),
      everybody: () => ctx.webhooks.everybody().next(),
      put: () =>
        ctx.webhooks.put(userId, { url: 'https://shop.example.ru/', enabled: true, secret: 'x' }),
      findWithSecret: () => ctx.webhooks.findWithSecret(1),
      renewSecret: () => ctx.webhooks.renewSecret(userId),
      setEnabled: () => ctx.webhooks.setEnabled(userId, true),
      noteSuccess: () => ctx.webhooks.noteSuccess(1),
      noteFailure: () => ctx.webhooks.noteFailure(1),
      switchOff: () => ctx.webhooks.switchOff(1, ago(DAY_MS)),
      remove: () => ctx.webhooks.remove(99),
    },
    deliveries: {
      queue: () => ctx.deliveries.queue(userId, NEWS),
      claim: () => ctx.deliveries.claim('me', LEASE_MS),
      release: () => ctx.deliveries.release(1, 'me'),
      claimAgain: () => ctx.deliveries.claimAgain(userId, 1, 'me', LEASE_MS),
      delivered: () => ctx.deliveries.delivered(whole, 'me', { responseStatus: 204 }),
      postponed: () => ctx.deliveries.postponed(whole, 'me', { error: 'timeout' }, 1000),
      givenUp: () => ctx.deliveries.givenUp(whole, 'me', { error: 'timeout' }),
      rest: () => ctx.deliveries.rest(1),
      dropWaiting: () => ctx.deliveries.dropWaiting(userId),
      latest: () => ctx.deliveries.latest(1, 10),
      sweep: () => ctx.deliveries.sweep(ago(DAY_MS)),
    },
    events: {
      add: () => ctx.events.add({ event: 'connected', userId, provider }),
      knowsAddress: () => ctx.events.knowsAddress(userId, '127.0.0.1'),
      lastAt: () => ctx.events.lastAt(userId, provider, 'connected'),
      ofUser: () => ctx.events.ofUser(userId).next(),
      forget: () => ctx.events.forget(99),
      recent: () => ctx.events.recent(userId, provider, 10),
      page: async () => {
        await ctx.events.page({}, 50)
        for (const filter of [{ userId }, { event: 'connected' }, { userId, event: 'connected' }]) {
          await ctx.events.page(filter, 50)
          await ctx.events.page({ ...filter, before: 9 }, 50)
        }
      },
      sweep: () => ctx.events.sweep(ago(DAY_MS)),
    },
    overview: {
      connections: () => ctx.overview.connections(),
      checks: () => ctx.overview.checks(ago(DAY_MS)),
      refreshes: () => ctx.overview.refreshes(ago(DAY_MS)),
      postponed: () => ctx.overview.postponed(),
      runs: () => ctx.overview.runs(),
      sweep: () => ctx.overview.sweep(ago(DAY_MS)),
      engine: () => ctx.overview.engine(),
      pool: () => ctx.overview.pool(),
    },
    resets: {
      open: () => ctx.resets.open(userId, LEASE_MS),
      isAlive: () => ctx.resets.isAlive('token'),
      take: () => ctx.resets.take('token'),
      forgetAll: () => ctx.resets.forgetAll(userId),
      sweep: () => ctx.resets.sweep(),
    },
    invitations: {
      open: () => ctx.invitations.open(userId, { role: 'owner', lifeMs: LEASE_MS }),
      renew: () => ctx.invitations.renew(1),
      find: () => ctx.invitations.find('token'),
      take: () =>
        ctx.invitations.take(
          {
            id: 1,
            role: 'owner',
            email: undefined,
            madeBy: 1,
            expiresAt: new Date(),
            isMade: true,
          },
          'token',
        ),
      waiting: () => ctx.invitations.waiting(100),
      remove: () => ctx.invitations.remove(1),
      sweep: () => ctx.invitations.sweep(),
    },
    apiTokens: {
      add: () => ctx.apiTokens.add({ userId, name: 'касса', scopes: ['read'] }),
      find: () => ctx.apiTokens.find('evs_token'),
      noteUse: async () => {
        for (const token of await ctx.apiTokens.of(userId))
          await ctx.apiTokens.noteUse(token, new Date())
      },
      of: () => ctx.apiTokens.of(userId),
      remove: () => ctx.apiTokens.remove(userId, 99),
      removeAll: () => ctx.apiTokens.removeAll(userId),
      sweep: () => ctx.apiTokens.sweep(),
    },
    limits: {
      hit: () => ctx.limits.hit({ name: 'sign-in', most: 3, windowMs: LEASE_MS }, '127.0.0.1'),
      undo: () => ctx.limits.undo({ name: 'sign-in', most: 3, windowMs: LEASE_MS }, '127.0.0.1'),
      forget: () => ctx.limits.forget({ name: 'sign-in', most: 3, windowMs: LEASE_MS }, '1'),
      sweep: () => ctx.limits.sweep(),
    },
    instances: {
      show: () => ctx.instances.show({ id: 'me', role: 'web', host: 'one', version: '1.0.0' }),
      alive: () => ctx.instances.alive(),
      leave: () => ctx.instances.leave('me'),
      sweep: () => ctx.instances.sweep(),
    },
    paces: {
      take: () => ctx.paces.take('lane', 3, 'me'),
      hold: () => ctx.paces.hold('lane', 1000),
      sweep: () => ctx.paces.sweep(),
    },
    backups: {
      claim: () => ctx.backups.claim(ago(DAY_MS)),
      succeed: () => ctx.backups.succeed(1, 'backups/evosync.sqlite', 4096),
      fail: () => ctx.backups.fail(1, 'Диск полон'),
      record: () => ctx.backups.record('backups/evosync.sqlite', 4096),
      state: () => ctx.backups.state(),
    },
    platformSettings: {
      change: () => ctx.platformSettings.change('vk', { CLIENT_ID: '1', SCOPES: undefined }),
      all: () => ctx.platformSettings.all(),
      of: () => ctx.platformSettings.of('vk'),
      removeAll: () => ctx.platformSettings.removeAll('vk'),
    },
    customProviders: {
      add: () => ctx.customProviders.add(RAYON),
      all: () => ctx.customProviders.all(),
      find: () => ctx.customProviders.find(RAYON.key),
      editionOf: () => ctx.customProviders.editionOf(RAYON.key),
      replace: () => {
        const how = { secret: 'kept', vacant: true } as const
        return ctx.customProviders.replace({ key: RAYON.key, revision: 1 }, RAYON, how)
      },
      disable: () => ctx.customProviders.disable(RAYON.key),
      remove: () => ctx.customProviders.remove(RAYON.key),
    },
  }
}

/** Sessions are called the way express-session does. */
export const sessionCallsOf = ({ ctx }: Scene) => [
  () => set(ctx, 'sid', SIGNED_IN),
  () => get(ctx, 'sid'),
  () => touch(ctx, 'sid', SIGNED_IN),
  () => ctx.sessions.replace('sid', 'other', SIGNED_IN),
  () => ctx.sessions.sweep(),
  () => destroy(ctx, 'sid'),
]
