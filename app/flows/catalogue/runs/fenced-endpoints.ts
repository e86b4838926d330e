import type { Permit } from '../../../http/http-options.ts'
import type { Caller } from '../../../providers/catalogue.ts'
import type { RunLease } from './run-lease.ts'
import type { Endpoints, SourceEndpoint } from '../endpoints.ts'

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

export const fencedSource = <T extends SourceEndpoint>(
  till: T,
  { permit }: Pick<RunLease, 'permit'>,
): T => ({
  ...till,
  fromTill: permitted(till.fromTill, permit),
})

export const fencedEndpoints = (way: Endpoints, hold: Pick<RunLease, 'permit'>): Endpoints => ({
  ...fencedSource(way, hold),
  toShop: permitted(way.toShop, hold.permit),
})
