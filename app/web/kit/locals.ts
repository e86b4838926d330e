import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Config } from '../../config/index.ts'
import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Flash } from '../../store/session-data.ts'
import type { User } from '../../store/users.ts'
import { fillNamed } from '../../texts/names.ts'
import { counted, plural } from '../../texts/plural.ts'
import { asking } from '../../observe/request.ts'
import type { createFormats, Format } from './format.ts'
import { addressOf } from './limits.ts'
import { type Theme, themeOf } from './look/theme.ts'

type Formats = ReturnType<typeof createFormats>

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express is typed by merging into its namespace
  namespace Express {
    /** What every view may count on. */
    interface Locals {
      requestId: string
      path: string
      now: Date
      format: Format
      plural: typeof plural
      counted: typeof counted
      /** A sentence with a platform's name in it; see `NameGap`. */
      named: typeof fillNamed
      version: string
      /** What the person has chosen at the foot of a page. */
      theme: Theme | undefined
      /** Whether the page can be asked for again at its address: not where a form is answered. */
      repeatable: boolean
      user?: User
      /** A fresh token for this page's forms; absent where the page has none. */
      csrf?: string
      flash?: Flash
      /** The platform of the address, where there is one. */
      provider?: Provider
    }
  }
}

/** Fills in what the layout and the partials read, and log and journal, before anything can fail. */
export function locals({ timeZone }: Config, formats: Formats, version: string): RequestHandler {
  return (req, res, next) => {
    const requestId = newRequestId()
    Object.assign(res.locals, {
      requestId,
      path: req.path,
      now: new Date(),
      format: formats(timeZone),
      plural,
      counted,
      named: fillNamed,
      version,
      theme: themeOf(req),
      repeatable: req.method === 'GET',
    })
    res.set('X-Request-Id', requestId)
    asking.run({ id: requestId, address: addressOf(req) }, next)
  }
}

/** A signed-in person's own time zone. */
export function ownZone(formats: Formats): RequestHandler {
  return (_req, res, next) => {
    const zone = res.locals.user?.timeZone
    if (zone) res.locals.format = formats(zone)
    next()
  }
}

/** Platforms of administrators as they are now, on whichever instance they were changed. */
export function knownPlatforms({ providers }: Context): RequestHandler {
  return async (_req, _res, next) => {
    await providers.refresh()
    next()
  }
}

/** Short enough to be read out over the phone: `7f3a-12c9`. A UUID begins with 32 random bits, drawn in advance. */
function newRequestId(): string {
  const hex = randomUUID()
  return `${hex.slice(0, 4)}-${hex.slice(4, 8)}`
}
