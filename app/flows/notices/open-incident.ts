import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { type Health, isTried } from '../../store/vocabulary.ts'
import { endTroubles } from './end-troubles.ts'
import { incidentEvent, recoveryEvent } from './webhook-events.ts'
import { incidentOf, type IncidentRule, incidentName, supersededBy } from './incident-rules.ts'

/**
 * Notes once that a connection is in trouble and once that it is over: the app shows it from then on, a letter waits to
 * be written (`send-letters`) and the webhook's news to be sent. Belongs into the unit that records what was found.
 */
export async function announceIncident(
  ctx: Context,
  connection: Connection,
  provider: Provider,
): Promise<void> {
  const trouble = incidentOf(provider, connection, new Date())
  const { incident, isOnline } = connection
  const another = incident !== undefined && incident.split(':')[0] !== trouble?.code
  if (isOnline && another) await closeIncident(ctx, connection, provider)
  if (trouble) await openIncident(ctx, connection, provider, trouble)
}

async function openIncident(
  ctx: Context,
  connection: Connection,
  provider: Provider,
  trouble: IncidentRule,
) {
  const { code } = trouble
  const superseded = supersededBy(trouble, provider)
  const news = incidentEvent(provider, connection, code)
  if (!(await ctx.notices.openIncident(connection, incidentName(trouble), superseded, news))) return
  const { health } = connection
  if (!isTried(connection)) {
    await ctx.events.add({
      event: code === 'token_unreadable' ? 'access_unreadable' : 'revoked',
      userId: connection.userId,
      provider: provider.key,
    })
  }
  ctx.afterCommit(() => {
    count(ctx, provider, COUNTED[health])
    ctx.log.warn('incident', { connection: connection.id, provider: provider.key, reason: code })
  })
}

async function closeIncident(ctx: Context, connection: Connection, provider: Provider) {
  if (!(await ctx.notices.closeIncident(connection, recoveryEvent(provider)))) return
  await endTroubles(ctx, connection.userId, provider)
  ctx.afterCommit(() => {
    count(ctx, provider, 'recovered')
    ctx.log.info('recovered', { connection: connection.id, provider: provider.key })
  })
}

function count({ metrics }: Context, { key: platform }: Provider, kind: NoticeCount) {
  metrics.notices.inc({ platform, kind })
}

type NoticeCount = Exclude<Health, 'online'> | 'warning' | 'recovered'

const COUNTED: Record<Health, NoticeCount> = {
  online: 'warning',
  revoked: 'revoked',
  permission: 'permission',
  unreachable: 'unreachable',
}

/** What notices are counted by in the metrics. */
export const NOTICE_COUNTS: readonly NoticeCount[] = [...Object.values(COUNTED), 'recovered']
