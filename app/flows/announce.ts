import type { Context } from '../context.ts'
import type { Provider } from '../providers/provider.ts'
import type { Connection } from '../store/connection-rows.ts'
import type { Limit } from '../store/limits.ts'
import { recoveryLetter, settingsLetter, troubleLetter } from './letters.ts'
import { nameOf, OURS, supersededBy, type Trouble, troubleOf } from './trouble.ts'

/** Tells the owner once that a connection is in trouble and once that it is over: in the app, and by letter if we can. */
export async function announce(
  ctx: Context,
  connection: Connection,
  provider: Provider,
): Promise<void> {
  const trouble = troubleOf(provider, connection, new Date())
  const { incident, isOnline } = connection
  const another = incident !== undefined && incident.split(':')[0] !== trouble?.code
  if (isOnline && another) await closeIncident(ctx, connection, provider)
  if (trouble) await openIncident(ctx, connection, provider, trouble)
}

async function openIncident(
  ctx: Context,
  connection: Connection,
  provider: Provider,
  trouble: Trouble,
) {
  const { code } = trouble
  const superseded = supersededBy(trouble, provider)
  if (!(await ctx.notices.openIncident(connection, nameOf(trouble), superseded))) return
  ctx.log.warn('incident', { connection: connection.id, provider: provider.key, reason: code })
  if (connection.health === 'revoked') {
    await ctx.events.add({ event: 'revoked', userId: connection.userId, provider: provider.key })
  }
  if (OURS.includes(code)) writeToAdministrator(ctx, connection, provider, code)
  writeTo(ctx, connection, (user) => troubleLetter(ctx.config, user, provider, connection, code))
}

async function closeIncident(ctx: Context, connection: Connection, provider: Provider) {
  if (!(await ctx.notices.closeIncident(connection))) return
  ctx.log.info('recovered', { connection: connection.id, provider: provider.key })
  writeTo(ctx, connection, (user) => recoveryLetter(ctx.config, user, provider))
}

function writeTo(ctx: Context, { userId }: Connection, letter: LetterTo) {
  const { mail } = ctx
  if (!mail) return
  ctx.later('mail_failed', async () => {
    const user = await ctx.users.find(userId)
    if (user) await mail.send(letter(user))
  })
}

/** Once in a while a platform, however many connections it concerns. */
function writeToAdministrator(
  ctx: Context,
  { detail }: Connection,
  provider: Provider,
  code: string,
) {
  const { mail } = ctx
  if (!mail) return
  ctx.later('mail_failed', async () => {
    const administrator = await ctx.users.administrator()
    if (!administrator || (await ctx.limits.hit(ONE_LETTER, provider.key)).exceeded) return
    await mail.send(settingsLetter(ctx.config, administrator, provider, { code, detail }))
  })
}

const ONE_LETTER: Limit = { name: 'letter_to_administrator', most: 1, windowMs: 6 * 3600_000 }

type LetterTo = (user: Parameters<typeof recoveryLetter>[1]) => ReturnType<typeof recoveryLetter>
