import type { Stores } from '../../app/store/all.ts'
import { GOODS_ORDERS } from '../../app/store/sync-goods.ts'
import { ago, DAY_MS, fromNow } from './context.ts'
import { newRun, product, ROUTE, step } from './catalogue/sync-scene.ts'
import type { CallsOf, Scene } from './every-call.ts'

const LEASE_MS = 60_000
const WORKER = { instance: 'me', workplace: 'here:1:1' }
const OUTLOOK = {
  ...{ changes: 0, products: 1, shownBefore: 0, unchanged: 0, total: 1, skipped: 0 },
  digest: 'digest',
}
const GOOD = { product: product('p'), showing: { productId: 'p', state: 'shown' as const } }
const WANTED = { words: [], groups: ['g'], state: 'out' as const, code: 'no_photo' }
const PICTURE = { jpeg: new Uint8Array([1]), width: 1, height: 1, hash: 'hash' }

/** Every method of the stores of the goods, in an order that leaves something to the later ones. */
export function goodsCallsOf({
  ctx,
  link,
}: Scene): CallsOf<Extract<keyof Stores, `sync${string}`> | 'photos'> {
  const { id: linkId, userId } = link
  const till = { userId, source: 'evotor', storeId: 's' }
  const claim = { id: 1, fence: 1 }
  const claimed = { ...claim, linkId }
  const album = { groupId: 'g', albumId: '1', title: 'Розы' }
  const halt = { code: 'captcha' }
  const linked = { productId: 'p', itemId: '1' }

  return {
    syncLinks: {
      list: () => ctx.syncLinks.list(userId),
      everybody: () => ctx.syncLinks.everybody().next(),
      find: () => ctx.syncLinks.find(userId, linkId),
      get: () => ctx.syncLinks.get(linkId),
      add: () => ctx.syncLinks.add(userId, { ...ROUTE, storeId: 'other' }, link.settings),
      change: () => ctx.syncLinks.change(linkId, ROUTE, link.settings),
      touch: () => ctx.syncLinks.touch(till),
      setNames: () => ctx.syncLinks.setNames(link, link),
      remove: () => ctx.syncLinks.remove(userId, 99),
      setPaused: () => ctx.syncLinks.setPaused(linkId, false),
      setTrouble: () => ctx.syncLinks.setTrouble(linkId, undefined),
      endPassing: () => ctx.syncLinks.endPassing(linkId),
      endTroubles: () => ctx.syncLinks.endTroubles(userId),
      setSingly: () => ctx.syncLinks.setSingly(linkId),
      setNextRun: () => ctx.syncLinks.setNextRun(linkId, new Date()),
      noteChanges: () => ctx.syncLinks.noteChanges(linkId),
      noteSettled: () => ctx.syncLinks.noteSettled(linkId, 1),
      noteListing: () => ctx.syncLinks.noteListing(linkId, new Date(), true),
      hint: () => ctx.syncLinks.hint(link.storeId),
      hintAccount: () => ctx.syncLinks.hintAccount('evotor', '1'),
      takeDue: () => ctx.syncLinks.takeDue(50, LEASE_MS),
      findByFeedKey: () => ctx.syncLinks.findByFeedKey('key'),
      feedKey: () => ctx.syncLinks.feedKey(link),
      renewFeedKey: () => ctx.syncLinks.renewFeedKey(link),
    },
    syncHolds: {
      isShared: () => ctx.syncHolds.isShared(link),
      take: () => ctx.syncHolds.take(link, ['ending']),
      ofOthers: () => ctx.syncHolds.ofOthers(link),
    },
    syncGoods: {
      differences: () => ctx.syncGoods.differences(linkId, [GOOD]),
      put: async () => {
        await ctx.syncGoods.put((await ctx.syncGoods.differences(linkId, [GOOD])).put)
      },
      keep: () => ctx.syncGoods.keep(linkId, [GOOD]),
      restate: () => ctx.syncGoods.restate(linkId, [GOOD.showing]),
      any: () => ctx.syncGoods.any([linkId]),
      page: async () => {
        for (const order of GOODS_ORDERS)
          await ctx.syncGoods.page([linkId], { words: ['роза'] }, { order, page: 1, size: 50 })
        await ctx.syncGoods.page([linkId, 99], WANTED, { order: 'name', page: 1, size: 50 })
      },
      count: () => ctx.syncGoods.count([linkId], WANTED),
      states: () => ctx.syncGoods.states([linkId], WANTED),
      of: () => ctx.syncGoods.of([linkId], ['p']),
      forget: () => ctx.syncGoods.forget(linkId, ['p']),
    },
    syncItems: {
      saveListing: () =>
        ctx.syncItems.saveListing(linkId, {
          changed: [product('p'), product('q')],
          misses: new Map([['q', 1]]),
        }),
      known: () => ctx.syncItems.known(linkId),
      knownPages: () => ctx.syncItems.knownPages(linkId).next(),
      count: () => ctx.syncItems.count(linkId),
      countCards: () => ctx.syncItems.countCards(linkId),
      saveLinks: () => ctx.syncItems.saveLinks(linkId, [linked]),
      saveAhead: () => ctx.syncItems.saveAhead(linkId, [{ productId: 'p', id: '1', hash: 'hash' }]),
      takeAhead: () => ctx.syncItems.takeAhead(linkId, ['p']),
      unlink: () => ctx.syncItems.unlink(linkId, ['p']),
      setAlbumOf: () => ctx.syncItems.setAlbumOf(linkId, ['p'], '1'),
      of: () => ctx.syncItems.of(linkId, ['p']),
      saveGroups: () =>
        ctx.syncItems.saveGroups(linkId, [{ id: 'g', name: 'Розы', attributes: [] }]),
      groups: () => ctx.syncItems.groups(linkId),
      setAlbum: () => ctx.syncItems.setAlbum(linkId, album),
      noteTitles: () => ctx.syncItems.noteTitles(linkId, [{ id: '1', title: 'Розы' }]),
      forget: () => ctx.syncItems.forget(linkId, ['q']),
      unlinkAll: () => ctx.syncItems.unlinkAll(linkId),
      forgetAll: () => ctx.syncItems.forgetAll(linkId),
    },
    syncRuns: {
      queue: () => ctx.syncRuns.queue(newRun(linkId)),
      draft: () => ctx.syncRuns.draft(newRun(linkId), OUTLOOK),
      find: () => ctx.syncRuns.find(1),
      ofUser: () => ctx.syncRuns.ofUser(userId, 1),
      draftOf: () => ctx.syncRuns.draftOf(linkId),
      active: () => ctx.syncRuns.active(linkId),
      last: () => ctx.syncRuns.last(linkId),
      history: async () => {
        await ctx.syncRuns.history([linkId, 99], 20)
        await ctx.syncRuns.history([linkId, 99], 20, { before: 9, state: 'failed' })
      },
      underWay: () => ctx.syncRuns.underWay(userId),
      lastDone: () => ctx.syncRuns.lastDone([linkId, 99]),
      claim: () => ctx.syncRuns.claim(WORKER, LEASE_MS, ['dead'], [9]),
      processes: () => ctx.syncRuns.processes('here'),
      hold: () => ctx.syncRuns.hold(claim, LEASE_MS),
      proves: () => ctx.syncRuns.proves(claim),
      fix: () => ctx.syncRuns.fix(claim),
      setStage: () => ctx.syncRuns.setStage(claim, 'target'),
      setOutlook: () => ctx.syncRuns.setOutlook(claim, OUTLOOK),
      count: () => ctx.syncRuns.count(claim, { created: 1 }),
      setCounts: () => ctx.syncRuns.setCounts(claim, { created: 1 }),
      note: () => ctx.syncRuns.note(1, halt),
      noteProgress: () => ctx.syncRuns.noteProgress(claim),
      pause: () => ctx.syncRuns.pause(claim, halt, fromNow(LEASE_MS)),
      resume: () => ctx.syncRuns.resume(1),
      release: () => ctx.syncRuns.release(claim),
      askStop: () => ctx.syncRuns.askStop(99),
      finish: () => ctx.syncRuns.finish({ ...claim, id: 99 }, 'done'),
      drop: () => ctx.syncRuns.drop({ ...claim, id: 99 }),
      forgetEnded: () => ctx.syncRuns.forgetEnded(99),
      sweep: () => ctx.syncRuns.sweep(ago(DAY_MS), ago(DAY_MS)),
    },
    syncSteps: {
      replace: () => ctx.syncSteps.replace(1, [step('p'), step('q', 'hide')]),
      pending: () => ctx.syncSteps.pending(1, ['create'], 10, { after: 0, inHand: [9] }),
      strange: () => ctx.syncSteps.strange(1, 10),
      anyOpen: () => ctx.syncSteps.anyOpen(1),
      unsettled: () => ctx.syncSteps.unsettled(1),
      anyUnsettledBefore: () => ctx.syncSteps.anyUnsettledBefore(claimed),
      noteLookedFor: () => ctx.syncSteps.noteLookedFor(claimed),
      unplaced: () => ctx.syncSteps.unplaced(1, 10),
      take: () => ctx.syncSteps.take(claim, 1),
      again: () => ctx.syncSteps.again(claim, [1]),
      settle: () => ctx.syncSteps.settle(1, [{ id: 1, state: 'done', itemId: '1' }]),
      notePlaced: () => ctx.syncSteps.notePlaced(claim, [1]),
      recreate: () => ctx.syncSteps.recreate(claim, 1, step('p')),
      page: async () => {
        await ctx.syncSteps.page(1, { page: 2, size: 50 })
        await ctx.syncSteps.page(1, { filter: 'hide', page: 2, size: 50 })
      },
      actions: () => ctx.syncSteps.actions(1),
      tally: () => ctx.syncSteps.tally(1),
      reasons: () => ctx.syncSteps.reasons(1),
      withReason: () => ctx.syncSteps.withReason(1, 'gone', 10),
      failedProducts: () => ctx.syncSteps.failedProducts(1),
      all: () => ctx.syncSteps.all(1).next(),
    },
    syncReport: {
      tally: () => ctx.syncReport.tally(1),
      causes: () => ctx.syncReport.causes(1),
      withCause: () =>
        ctx.syncReport.withCause(1, { code: 'gone', state: 'failed' }, { page: 2, size: 50 }),
      done: () => ctx.syncReport.done(1, 'update', { page: 2, size: 50 }),
      failures: () => ctx.syncReport.failures(1, 10),
      current: () => ctx.syncReport.current(1),
      troubles: () => ctx.syncReport.troubles([1, 2], ['gone']),
    },
    syncResults: {
      keep: () =>
        ctx.syncResults.keep(claimed, {
          settled: [{ id: 1, state: 'done' }],
          links: [linked],
          unlinked: ['q'],
          countOf: () => 'created',
        }),
      adopt: () => ctx.syncResults.adopt(claimed, { links: [], unlinked: [], forgotten: ['q'] }),
      begin: () => ctx.syncResults.begin(claim, OUTLOOK, [step('p')]),
      place: () => ctx.syncResults.place(claimed, { steps: [{ id: 1, productId: 'p' }] }),
      noteAlbum: () => ctx.syncResults.noteAlbum(claimed, album),
      noteTitle: () => ctx.syncResults.noteTitle(claimed, { ...album, changed: true }),
      end: () => ctx.syncResults.end(claimed, { state: 'failed', halt, nextRunAt: undefined }),
    },
    syncGoodPhotos: {
      change: () => ctx.syncGoodPhotos.change(till, 'p', () => [1]),
      of: () => ctx.syncGoodPhotos.of(till, 'p'),
      ofTill: () => ctx.syncGoodPhotos.ofTill(till),
      ofSome: () => ctx.syncGoodPhotos.ofSome(till, ['p']),
      usedBy: () => ctx.syncGoodPhotos.usedBy(userId),
    },
    syncOverrides: {
      change: async () => {
        await ctx.syncOverrides.change(till, 'p', () => ({ title: 'Роза' }))
        await ctx.syncOverrides.change(till, 'q', () => ({}))
      },
      ofTill: () => ctx.syncOverrides.ofTill(till),
      of: () => ctx.syncOverrides.of(till, ['p']),
      setAside: () => ctx.syncOverrides.setAside(till, ['p', 'q'], true),
      lastAct: () => ctx.syncOverrides.lastAct(till),
      undoAct: () => ctx.syncOverrides.undoAct(till, new Date()),
    },
    photos: {
      isFull: () => ctx.photos.isFull(userId),
      checkRoom: () => ctx.photos.checkRoom(userId),
      save: () => ctx.photos.save(userId, { ...PICTURE, name: 'роза.jpg', source: 'source' }),
      find: () => ctx.photos.find(userId, 1),
      findBySource: () => ctx.photos.findBySource(userId, 'source'),
      list: () => ctx.photos.list(userId),
      picture: () => ctx.photos.picture(userId, 1),
      removeOthers: () => ctx.photos.removeOthers(userId, [1], ago(DAY_MS)),
      forgetAll: () => ctx.photos.forgetAll(99),
      remove: () => ctx.photos.remove(userId, 99),
    },
  }
}
