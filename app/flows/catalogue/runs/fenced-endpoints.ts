import type { Permit } from '../../../http/client.ts'
import type { Caller } from '../../../providers/catalogue.ts'
import type { Hold } from './run-lease.ts'
import type { TillEnd, Way } from '../endpoints.ts'

/** Calls of a run: each asks right before it leaves whether the run is still ours. */
const permitted =
  (call: Caller, permit: Permit): Caller =>
  (use) =>
    call((api) =>
      use({
        ...api,
        send: (request) => api.send({ ...request, permit }),
        sendOpenly: (request) => api.sendOpenly({ ...request, permit }),
      }),
    )

export const permittedTill = <T extends TillEnd>(till: T, { permit }: Pick<Hold, 'permit'>): T => ({
  ...till,
  fromTill: permitted(till.fromTill, permit),
})

export const permittedWay = (way: Way, hold: Pick<Hold, 'permit'>): Way => ({
  ...permittedTill(way, hold),
  toShop: permitted(way.toShop, hold.permit),
})
