import { type ProviderError, ShopRefused } from '../../errors.ts'
import type { OkError } from './answers.ts'
import { MEANINGS, PARAMETERS, UNKNOWN } from './meanings.ts'

/** What OK says is shown to a person; more than a sentence is of no use to them. */
const MESSAGE_LENGTH = 200

export function refusalOf({ number, message }: OkError): ShopRefused {
  const { pauseMs, ...meaning } = MEANINGS[number] ?? UNKNOWN
  const detail = `ошибка ${Number.isFinite(number) ? number : 'без номера'}`
  return new ShopRefused(`OK error ${number}`, {
    ...meaning,
    code: codeOf(number, message, meaning.code),
    detail,
    values: { message: message.slice(0, MESSAGE_LENGTH) || detail },
    ...(pauseMs && { retryAt: new Date(Date.now() + pauseMs) }),
  })
}

function codeOf(number: number, message: string, usual: string): string {
  if (number === 300) return /catalog/i.test(message) ? 'album_gone' : usual
  if (number !== 100) return usual
  return PARAMETERS.find(([pattern]) => pattern.test(message))?.[1] ?? usual
}

/** A failure on the way, as the refusal of what could not be asked any more. */
export function asRefusal(error: ProviderError): ShopRefused {
  if (error instanceof ShopRefused) return error
  const { message, code, kind, outage, unsent, status, detail, retryAt, platform } = error
  return new ShopRefused(message, {
    ...{ scope: kind === 'temporary' ? 'temporary' : 'account', code, kind, outage, unsent },
    ...(status && { status }),
    ...(detail && { detail }),
    ...(retryAt && { retryAt }),
    ...(platform && { platform }),
  })
}
