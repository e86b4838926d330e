import type { Request } from 'express'
import type { Text } from '../../texts/text.ts'
import type { Context } from '../../context.ts'
import { say } from '../../texts/index.ts'
import { typed } from '../kit/forms.ts'
import { ownPath, withReturn } from '../kit/paths.ts'

/** Where the person was going when we asked who they are; an own path. */
export function wantedPage(req: Request): string | undefined {
  return ownPath(req.query.next) ?? ownPath(typed(req.body, ['next']).next)
}

/**
 * A form may not lead out of our house (CSP form-action, which counts redirects too): who was on the way to a platform
 * is shown its page, and goes on from there by a link. Linking too is begun by the person's own click only: whoever
 * wrote the address we came from may have signed this browser in to an account of theirs at the platform.
 */
export function afterSignIn(wanted = '/connections'): string {
  const { pathname, searchParams } = new URL(wanted, 'http://evosync.invalid')
  if (/^\/account\/sign-in\//i.test(pathname)) return '/account'
  const key =
    pathname === '/connections'
      ? searchParams.get('connect')
      : /^\/([^/]+)\/connect\/?$/.exec(pathname)?.[1]
  if (!key) return wanted
  return withReturn(`/${encodeURIComponent(key)}`, searchParams.get('redirect_path') ?? undefined)
}

/** What to say when the session ended while the person was at a platform; undefined when it did not. */
export function lostNotice(ctx: Context, req: Request): Text | undefined {
  const key = /^\/([^/?]+)\?error=session_lost$/.exec(ownPath(req.query.next) ?? '')?.[1]
  if (!key) return undefined
  return say('session_lost', { platform: ctx.providers.find(key) })
}
