import { isAcceptable } from '../../http/addresses.ts'
import { emptyPlan, type Import, type Plan } from './plan.ts'

type Given = Import['contents']['webhooks'][number]

/** Addresses people are told at. Whoever has no account here is passed over: no account is made by a file. */
export async function planWebhooks(all: Import): Promise<Plan> {
  const plan = emptyPlan()
  for (const given of all.contents.webhooks) await planOne(all, given, plan)
  return plan
}

async function planOne(all: Import, { email, url, enabled }: Given, plan: Plan): Promise<void> {
  const { ctx, secrets, problems } = all
  const owner = await ctx.users.findByEmail(email)
  if (!owner) {
    plan.notes.push(`Вебхук ${email}: такого человека здесь нет`)
    return
  }
  const { id } = owner.user
  const found = await ctx.webhooks.find(id)
  const before = found && (await ctx.webhooks.findWithSecret(found.id))
  const secret = secrets.webhooks[email] ?? before?.secret
  if (before?.url === url && before.enabled === enabled && before.secret === secret) return
  if (!(await isAcceptable(url, ctx.config.typedHosts))) {
    problems.push(`Вебхук ${email}: по этому адресу EvoSync не отправляет.`)
    return
  }
  const fresh = secret === undefined ? ', секрет новый: владелец получит его в «Аккаунте»' : ''
  plan.changes.push(`Вебхук ${email}: адрес ${new URL(url).host}${fresh}`)
  plan.steps.push(({ webhooks }) => webhooks.put(id, { url, enabled, secret }))
}
