/**
 * The words that text columns may hold. A newer version may have written others before it was taken back: what is read
 * goes through {@link wordIn}, so that nothing is believed that this version cannot know.
 */

/** `online` lives · `revoked` the grant is gone · `permission` a right is missing · `unreachable` an outage or ours. */
export const HEALTHS = ['online', 'revoked', 'permission', 'unreachable'] as const
export type Health = (typeof HEALTHS)[number]

/** What follows from a verdict: whether the connection works, and whether its tokens are tried at all. */
const FOLLOWS: Record<Health, { works: boolean; tried: boolean }> = {
  online: { works: true, tried: true },
  permission: { works: false, tried: true },
  unreachable: { works: false, tried: true },
  revoked: { works: false, tried: false },
}
export const works = (health: Health): boolean => FOLLOWS[health].works
export const isTried = ({ health }: { health: Health }): boolean => FOLLOWS[health].tried

/** As it is read: a verdict we do not know is no proof that the connection works. */
export const healthOf = (text: string): Health => wordIn(HEALTHS, text) ?? 'unreachable'

export const ROLES = ['owner', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What a person is on the way for: to come in, to have another way of coming in, to prove again who they are, or to come in by the API. */
export const PURPOSES = ['sign_in', 'link', 'confirm', 'api'] as const
export type Purpose = (typeof PURPOSES)[number]

/** `outage` and `outage_over` are an administrator's; `sync`: the goods wait for their owner. */
export const NOTICE_KINDS = ['incident', 'recovered', 'outage', 'outage_over', 'sync'] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** `pending` waits for its turn · `delivered` was answered with 2xx · `failed` is given up. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** How the client proves itself at the token endpoint of an administrator's platform. */
export const CLIENT_AUTHS = ['basic', 'body', 'none'] as const
export type ClientAuth = (typeof CLIENT_AUTHS)[number]

/**
 * `draft` shown and not begun · `queued` · `running` · `paused` goes on by itself at `resumeAt`, or by a button · then one
 * of the ends: `done`, `stopped` by a person, `failed` with its reason.
 */
export const RUN_STATES = [
  'draft',
  'queued',
  'running',
  'paused',
  'done',
  'stopped',
  'failed',
] as const
export type RunState = (typeof RUN_STATES)[number]

/** What began it. */
export const ORIGINS = ['manual', 'schedule', 'hint', 'retry', 'undo'] as const
export type Origin = (typeof ORIGINS)[number]

/** `source` the till is listed · `target` the cards are read · `sending` · `albums`. */
export const STAGES = ['source', 'target', 'sending', 'albums'] as const
export type Stage = (typeof STAGES)[number]

/** `sending`: a card may have been made, nobody knows. `skipped`: nothing was to be sent. */
export const STEP_STATES = ['pending', 'sending', 'done', 'failed', 'skipped'] as const
export type StepState = (typeof STEP_STATES)[number]

/** The text where it is one of the words, else undefined. */
export const wordIn = <Word extends string>(
  words: readonly Word[],
  text: string,
): Word | undefined => words.find((word) => word === text)
