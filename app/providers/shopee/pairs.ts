import { ProviderError } from '../../errors.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import type { Caller } from './sign.ts'

/** A shop's or a merchant's own tokens: access of four hours, a refresh token of one use. */
export interface Pair extends Caller {
  refreshToken: string
}

const AT_ONCE = 10

/**
 * Every pair of a connection, its own one first. A main account has several; those of the others lie as JSON among the
 * carried texts, which are sealed with the tokens.
 */
export function pairsOf({ accessToken, refreshToken = '', carried }: Tokens): [Pair, ...Pair[]] {
  const { shop_id, merchant_id = '', pairs = '[]' } = carried
  const whose = shop_id
    ? { kind: 'shop_id' as const, id: shop_id }
    : { kind: 'merchant_id' as const, id: merchant_id }
  return [{ ...whose, accessToken, refreshToken }, ...(JSON.parse(pairs) as Pair[])]
}

/** The other way round: what is carried beside the connection's own tokens. */
export function carriedWith(
  { kind, id }: Pick<Pair, 'kind' | 'id'>,
  others: readonly Pair[],
  mainAccount: string | undefined,
): Record<string, string> {
  return {
    [kind]: id,
    ...(mainAccount && { main_account_id: mainAccount }),
    ...(others.length > 0 && { pairs: JSON.stringify(others) }),
  }
}

/**
 * Whose tokens a request goes out with: those of the shop or merchant its query names, the connection's own otherwise.
 * @throws ProviderError `permission` when it names one that did not give us its tokens
 */
export function pairFor(tokens: Tokens, query: Readonly<Record<string, string>> = {}): Pair {
  const [own, ...others] = pairsOf(tokens)
  if (!query.shop_id && !query.merchant_id) return own
  const named = [own, ...others].find(({ kind, id }) => query[kind] === id)
  if (named) return named
  throw new ProviderError('not among the shops', { code: 'insufficient_scope', kind: 'permission' })
}

/** Works through a list ten at a time; nothing new is begun after `giveUpMs`, and what was not begun stays undefined. */
export async function tenAtATime<T, R>(
  items: readonly T[],
  giveUpMs: number,
  work: (item: T) => Promise<R>,
): Promise<(R | undefined)[]> {
  const giveUp = performance.now() + giveUpMs
  const done: (R | undefined)[] = []
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const turn = items.slice(from, from + AT_ONCE)
    const late = performance.now() > giveUp
    done.push(...(late ? turn.map(() => undefined) : await Promise.all(turn.map(work))))
  }
  return done
}
