import type { Provider } from '../../providers/provider.ts'
import type { Letter } from '../../http/mail.ts'
import type { Context } from '../../context.ts'
import type { QueuedNotice } from '../../store/notice-queue.ts'
import { recoveryLetter, troubleLetter } from './trouble-letters.ts'
import type { Troubled } from './trouble-words.ts'
import { stopOf } from './sync-stop.ts'
import { type Stop, stopLetter } from './sync-stop-letters.ts'
import { type Down, outageLetter, outageOverLetter } from './outage-letters.ts'
import type { NoticeKind } from '../../store/vocabulary.ts'
import type { User } from '../../store/users.ts'

/** Notices of one person and one kind. */
export type Notes = readonly QueuedNotice[]

type Known = readonly { note: QueuedNotice; provider: Provider }[]

export const WRITERS: Record<
  NoticeKind,
  (
    ctx: Context,
    user: User,
    known: Known,
    notes: Notes,
  ) => Promise<Letter | undefined> | Letter | undefined
> = {
  incident: aboutTroubles,
  recovered: aboutRecoveries,
  outage: aboutOutages,
  outage_over: aboutEnds,
  sync: aboutStops,
}

function aboutEnds({ config }: Context, user: User, known: Known): Letter | undefined {
  const [first, ...others] = known.map(({ provider }) => provider)
  return first && outageOverLetter(config, user, first, ...others)
}

/** The connection may have been made anew or removed meanwhile, or have got into worse. */
async function aboutTroubles(ctx: Context, user: User, known: Known) {
  const connections = await ctx.connections.list(user.id)
  const [first, ...others] = known.flatMap(({ note, provider }): Troubled[] => {
    const connection = connections.find((one) => one.provider === provider.key)
    if (connection?.incident !== note.code) return []
    return [{ provider, connection, code: note.code.split(':')[0] ?? '' }]
  })
  return first && troubleLetter(ctx.config, user, first, ...others)
}

async function aboutRecoveries(ctx: Context, user: User, known: Known) {
  const connections = await ctx.connections.list(user.id)
  const connected = known.filter(({ provider }) =>
    connections.some((one) => one.provider === provider.key),
  )
  const [first, ...others] = new Set(connected.map(({ provider }) => provider))
  return first && recoveryLetter(ctx.config, user, first, ...others)
}

/** Somebody may have seen to it meanwhile; what is the connection's fault, its own letter tells. */
async function aboutStops(ctx: Context, user: User, _known: Known, notes: Notes) {
  const connections = await ctx.connections.list(user.id)
  if (connections.some(({ provider, incident }) => incident && isEnd(ctx, provider)))
    return undefined
  const stops: Stop[] = []
  for (const link of await ctx.syncLinks.list(user.id)) {
    const stop = await stopOf(ctx, link)
    if (stop && notes.some(({ code }) => code === stop.code)) stops.push(stop)
  }
  const [first, ...others] = stops
  return first && stopLetter(ctx.config, user, first, ...others)
}

const isEnd = ({ providers }: Context, key: string) =>
  providers.all.some((provider) => provider.key === key && (provider.source ?? provider.target))

async function aboutOutages(ctx: Context, user: User, known: Known) {
  const running = await ctx.outages.running()
  const struck = await ctx.outages.struck(known.map(({ note }) => note.code))
  const [first, ...others] = known.flatMap(({ note, provider }): Down[] => {
    const { code, count } = note
    const same = (one: { provider: string; code: string }) =>
      one.provider === provider.key && one.code === code
    if (!running.some(same)) return []
    return [{ provider, code, count, detail: struck.find(same)?.detail }]
  })
  return first && outageLetter(ctx.config, user, first, ...others)
}
