import type { Context } from '../../../app/context.ts'
import { Browser } from '../../../tests/support/browser.ts'
import { ADMIN, OWNER, type Sizes } from './sizes.ts'
import { PASSWORD } from './seed-people.ts'

const ofEverybody = ['/healthz', '/readyz', '/login', '/register', '/help', '/privacy']

/** Pages of the owner of much; `whole` is the run of all products. */
const ofOwner = (whole: number) => [
  ...['/connections', '/vk', '/evotor', '/account', '/account/delete', '/api/v1/connections'],
  ...['/api/v1/connections/evotor', '/api/v1/onboarding', '/sync', '/sync/settings?link=1'],
  ...['/sync/preview?link=1', '/sync/runs', '/sync/runs?link=1', `/sync/runs/${whole}`],
  ...[`/sync/runs/${whole}?page=100`, '/sync/runs/5', `/sync/runs/${whole}.csv`],
  ...['/goods', '/goods?page=100', '/goods?q=роза', '/goods?state=out', '/goods?order=-price'],
]

const ofAdmin = [
  ...['/connections', '/admin/users', '/admin/users?after=5000', '/admin/users?q=owner777'],
  ...['/admin/users?q=owner777@example.ru', '/admin/users?q=владелец', '/admin/users?q=owner'],
  ...['/admin/users?q=владелец example', '/admin/users?q=владелец 99999', '/admin/users?q=9 owner'],
  ...['/admin/audit', '/admin/audit?event=provider_added', '/admin/audit?event=refresh_failed'],
  ...['/admin/audit?event=signed_in', '/admin/audit?email=owner2@example.ru', '/admin/health'],
  ...['/admin/providers', '/admin/providers/vk'],
]

/** Every page with what asks for it. */
export async function pagesOf(
  ctx: Context,
  origin: string,
  { runs, users }: Sizes,
): Promise<[name: string, ask: () => Promise<unknown>][]> {
  const whole = runs + (users / 20) * 20 + 1
  const link = await ctx.syncLinks.get(1)
  const key = link && (await ctx.syncLinks.feedKey(link))
  const asked: [string, () => Promise<unknown>][] = []
  for (const [who, id, paths] of [
    ['', undefined, [...ofEverybody, `/feeds/${key}.yml`, `/feeds/${key}.csv`]],
    ['owner ', OWNER, ofOwner(whole)],
    ['admin ', ADMIN, ofAdmin],
  ] as const) {
    const browser = new Browser(origin)
    if (id !== undefined)
      await browser.signIn({ email: `owner${id}@example.ru`, password: PASSWORD })
    for (const path of paths)
      asked.push([
        `${who}${path.replace(key ?? '', ':key')}`,
        async () => {
          const { status } = await browser.get(path)
          if (status >= 400) throw new Error(String(status))
        },
      ])
  }
  return asked
}
