import type { Account } from '../account.ts'
import { asObject, asText, badResponse } from '../../http/answer.ts'
import type { Api } from '../api.ts'
import { readAnswer } from './answers.ts'

/** Who is this? */
export async function readAccount(api: Api, url: string): Promise<Account> {
  const form = { method: 'users.getCurrentUser', fields: 'UID,NAME,FIRST_NAME,LAST_NAME' }
  const answer = await api.send({ url, form, repeat: 'safe' })
  const user = asObject(readAnswer(answer))
  const id = asText(user?.uid)
  if (!user || !id) throw badResponse('users.getCurrentUser without a user', answer)
  const profile = {
    first_name: asText(user.first_name) ?? '',
    last_name: asText(user.last_name) ?? '',
  }
  const name = asText(user.name) ?? `${profile.first_name} ${profile.last_name}`.trim()
  return { id, ...(name && { name }), profile }
}

/**
 * Of these rights those that were granted, each asked for by its name: the token answer keeps silent
 * (docs/platforms/ok.md#signing-in). Undefined when OK will not say.
 */
export async function readRights(
  api: Api,
  url: string,
  names: readonly string[],
): Promise<string[] | undefined> {
  const granted: string[] = []
  for (const name of names) {
    const form = { method: 'users.hasAppPermission', ext_perm: name }
    const has = readAnswer(await api.send({ url, form, repeat: 'safe' }))
    if (typeof has !== 'boolean') return undefined
    if (has) granted.push(name)
  }
  return granted
}
