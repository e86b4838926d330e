import { ProviderError } from '../errors.ts'
import type { Answer } from '../http/exchange.ts'
import type { Image } from '../sync/goods.ts'
import type { Caller } from './catalogue.ts'
import { refusal } from './evotor-calls.ts'
import type { Api } from './provider.ts'

/** Evotor's own limit of a picture. */
const MAX_BYTES = 5_242_880

/**
 * Bytes of a product's picture. The token goes to the API's own host alone: nobody says whether pictures are open.
 * @throws ProviderError `no_image` where there is none to be had, others as calls do
 */
export function fetchImage(call: Caller, apiUrl: string, { url }: Image): Promise<Uint8Array> {
  const own = new URL(url).origin === new URL(apiUrl).origin
  return call(async (api) => {
    const answer = await fetchFrom(own ? api.send : api.sendOpenly, url)
    if (own && answer.status === 401) throw refusal(answer)
    if (answer.status >= 400) throw noImage(`HTTP ${answer.status}`, answer.status)
    const { bytes } = answer
    if (!bytes?.length) throw noImage('empty', answer.status)
    if (bytes.length > MAX_BYTES) throw noImage('too large', answer.status)
    return bytes
  })
}

/** A picture that leads elsewhere, or nowhere we may go, is none; the list it stands in has come all the same. */
async function fetchFrom(send: Api['send'], url: string): Promise<Answer> {
  try {
    return await send({ url, binary: true, headers: { accept: '*/*' } })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const hopeless = error.kind === 'configuration' || error.code === 'bad_response'
    throw hopeless ? noImage(error.message, error.status) : error
  }
}

function noImage(message: string, status: number | undefined): ProviderError {
  return new ProviderError(`picture: ${message}`, {
    code: 'no_image',
    kind: 'permission',
    ...(status !== undefined && { status }),
  })
}
