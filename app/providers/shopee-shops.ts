import { ProviderError } from '../errors.ts'
import { asText, badResponse } from '../http/answer.ts'
import { counted } from '../plural.ts'
import type { Account, Api } from './provider.ts'
import { readBody } from './shopee-errors.ts'
import { type Pair, pairsOf, tenAtATime } from './shopee-pairs.ts'

/** A shop or merchant as the profile keeps it. */
export interface Shop {
  id: string
  kind: Pair['kind']
  name: string
  /** Two letters, `SG`. */
  region: string
  /** Shopee's NORMAL, FROZEN or BANNED; ours: LOST when only this one is gone, UNKNOWN when it did not say. */
  status: string
}

const OTHERS_MS = 8_000

/**
 * The connection's own shop says whether it lives; the other shops of a main account are only looked at. What ends
 * first of their authorizations ends the account's.
 */
export async function readAccount(api: Api, apiUrl: string): Promise<Account> {
  const [own, ...others] = pairsOf(api.tokens)
  const first = await readShop(api, apiUrl, own)
  if (first.status === 'BANNED') throw banned()
  const read = await tenAtATime(others, OTHERS_MS, (pair) => readIfPossible(api, apiUrl, pair))
  const all = [first, ...others.map((pair, index) => read[index] ?? unread(pair, 'UNKNOWN'))]
  const ends = all.flatMap(({ endsAt }) => endsAt ?? []).sort((a, b) => a.getTime() - b.getTime())
  const [endsAt] = ends
  return {
    id: api.tokens.carried.main_account_id ?? own.id,
    name: nameOf(all),
    profile: { shops: all.map(shown) },
    ...(all.some(({ status }) => status === 'FROZEN') && { attention: 'shop_frozen' }),
    ...(endsAt && { endsAt }),
  }
}

type Read = Shop & { endsAt?: Date }

/** shop.get_shop_info or merchant.get_merchant_info, signed for whom it is about. */
async function readShop(api: Api, apiUrl: string, { kind, id }: Pair): Promise<Read> {
  const path = kind === 'shop_id' ? 'shop/get_shop_info' : 'merchant/get_merchant_info'
  const answer = await api.send({ url: `${apiUrl}/api/v2/${path}`, query: { [kind]: id } })
  const body = readBody(answer)
  const name = asText(body.shop_name ?? body.merchant_name)
  if (!name) throw badResponse('neither a name nor an error', answer)
  const end = Number(body.expire_time)
  return {
    id,
    kind,
    name,
    region: asText(body.region ?? body.merchant_region) ?? '',
    status: asText(body.status) ?? 'NORMAL',
    ...(end > 0 && { endsAt: new Date(end * 1000) }),
  }
}

async function readIfPossible(api: Api, apiUrl: string, pair: Pair): Promise<Read> {
  try {
    return await readShop(api, apiUrl, pair)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return unread(pair, error.kind === 'dead' ? 'LOST' : 'UNKNOWN')
  }
}

const unread = ({ id, kind }: Pair, status: string): Read => ({
  id,
  kind,
  name: `ID ${id}`,
  region: '',
  status,
})

const shown = ({ id, kind, name, region, status }: Read): Shop => ({
  id,
  kind,
  name,
  region,
  status,
})

/** The first one, how many more there are: «Цветы у дома, Сингапур и ещё 2 магазина». */
function nameOf([first, ...others]: readonly Shop[]): string {
  const name = [first?.name, regionInWords(first?.region)].filter(Boolean).join(', ')
  const shops = others.filter(({ kind }) => kind === 'shop_id').length
  return shops > 0 ? `${name} и ещё ${counted(shops, 'магазин', 'магазина', 'магазинов')}` : name
}

const REGIONS = new Intl.DisplayNames('ru', { type: 'region' })

/** `SG` is «Сингапур»; what is no country stays as it is. */
export function regionInWords(region = ''): string {
  return /^[A-Z]{2}$/.test(region) ? (REGIONS.of(region) ?? region) : region
}

/** The same as the error `shop_banned`, told in another way. */
const banned = () =>
  new ProviderError('BANNED', {
    code: 'user_blocked',
    kind: 'dead',
    detail: 'AuthRequired (BANNED)',
  })
