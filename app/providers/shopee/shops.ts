import { ProviderError } from '../../errors.ts'
import { asText, badResponse } from '../../http/answer.ts'
import { counted } from '../../texts/plural.ts'
import type { Account } from '../account.ts'
import type { Api } from '../api.ts'
import { readBody } from './errors.ts'
import { type Pair, pairsOf, tenAtATime } from './pairs.ts'
import { regionInWords } from './regions.ts'

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

/** For beginning to ask the other shops, and for each of their answers. */
const OTHERS_MS = 5_000

/** Of the year 5138: what is later is no time in seconds. */
const LAST_SECOND = 1e11

/**
 * The connection's own shop says whether it lives and when the authorization ends, which one consent gave to all; the
 * other shops of a main account are only looked at.
 */
export async function readAccount(api: Api, apiUrl: string): Promise<Account> {
  const [own, ...others] = pairsOf(api.tokens)
  const { shop: first, endsAt } = await readShop(api, apiUrl, own)
  if (first.status === 'BANNED') throw banned()
  const read = await tenAtATime(others, OTHERS_MS, (pair) => readIfPossible(api, apiUrl, pair))
  const shops = [first, ...others.map((pair, index) => read[index] ?? unread(pair, 'UNKNOWN'))]
  return {
    id: api.tokens.carried.main_account_id ?? own.id,
    name: nameOf(shops),
    profile: { shops },
    ...(shops.some(({ status }) => status === 'FROZEN') && { attention: 'shop_frozen' }),
    ...(endsAt && { endsAt }),
  }
}

/** A shop, and when the authorization ends by which it could be read. */
interface Read {
  shop: Shop
  endsAt: Date | undefined
}

/** shop.get_shop_info or merchant.get_merchant_info, signed for whom it is about. */
async function readShop(
  api: Api,
  apiUrl: string,
  { kind, id }: Pair,
  timeoutMs?: number,
): Promise<Read> {
  const path = kind === 'shop_id' ? 'shop/get_shop_info' : 'merchant/get_merchant_info'
  const answer = await api.send({
    url: `${apiUrl}/api/v2/${path}`,
    query: { [kind]: id },
    ...(timeoutMs && { timeoutMs }),
  })
  const body = readBody(answer)
  const name = asText(body.shop_name ?? body.merchant_name)
  if (!name) throw badResponse('neither a name nor an error', answer)
  const region = asText(body.region ?? body.merchant_region) ?? ''
  const shop = { id, kind, name, region, status: asText(body.status) ?? 'NORMAL' }
  const end = Number(body.expire_time)
  return { shop, endsAt: end > 0 && end < LAST_SECOND ? new Date(end * 1000) : undefined }
}

async function readIfPossible(api: Api, apiUrl: string, pair: Pair): Promise<Shop> {
  try {
    return (await readShop(api, apiUrl, pair, OTHERS_MS)).shop
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return unread(pair, error.kind === 'dead' ? 'LOST' : 'UNKNOWN')
  }
}

const unread = ({ id, kind }: Pair, status: string): Shop => ({
  id,
  kind,
  name: `ID ${id}`,
  region: '',
  status,
})

/** The first one, how many more there are: «Цветы у дома, Сингапур и ещё 2 магазина». */
function nameOf([first, ...others]: readonly Shop[]): string {
  const name = [first?.name, regionInWords(first?.region)].filter(Boolean).join(', ')
  const shops = others.filter(({ kind }) => kind === 'shop_id').length
  return shops > 0 ? `${name} и ещё ${counted(shops, 'магазин', 'магазина', 'магазинов')}` : name
}

/** The same as the error `shop_banned`, told in another way. */
const banned = () =>
  new ProviderError('BANNED', {
    code: 'user_blocked',
    kind: 'dead',
    detail: 'AuthRequired (BANNED)',
  })
