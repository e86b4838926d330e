import type { Account } from '../providers/account.ts'
import type { Health } from './vocabulary.ts'

/** A person's link to a platform, fit to be shown: no token in it. */
export interface Connection {
  id: number
  userId: number
  provider: string
  account: Account
  /** Rights granted; undefined when the platform does not tell. */
  scope: string[] | undefined
  expiresAt: Date | undefined
  /** When the refresh token ends, if the platform says so. */
  refreshExpiresAt: Date | undefined
  /** When the whole grant ends, however often the access is renewed. */
  endsAt: Date | undefined
  /** There is something to renew the access with, so we can do it ourselves. */
  renewable: boolean
  isOnline: boolean
  health: Health
  /** A code of the texts: why it is not online, or what a person has to do although it is. */
  reason: string | undefined
  /** The platform's own number for it, `ошибка 5`. */
  detail: string | undefined
  lastCheckedAt: Date | undefined
  lastOnlineAt: Date | undefined
  /** Checks are put off until then, because the platform asked for a pause. */
  nextCheckAt: Date | undefined
  /** From then on the access is renewed before it is used. */
  refreshDueAt: Date | undefined
  /** A refresh failed for now and is not tried again before. */
  refreshAfter: Date | undefined
  connectedAt: Date
  /** Checks in a row that did not find it online. */
  failedChecks: number
  /** Refusals in a row of a platform that is not believed at once. */
  refusals: number
  /** The trouble its owner has been told of and that is not over. */
  incident: string | undefined
  /** Grows with every change of the tokens: the fence against results of an earlier time. */
  revision: number
}
