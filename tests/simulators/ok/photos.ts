import type { Express as App, Request, Response } from 'express'
import multer from 'multer'
import { random } from '../oauth-server.ts'
import { ownGroup, type OkCall } from './call.ts'
import { badParam } from './refusal.ts'
import { nextId, type OkMarket } from './state.ts'

const DAY_MS = 24 * 3600_000
const MOST = 10

/** photosV2.getUploadUrl: an address, and the numbers the photos will have there. */
export function getUploadUrl(call: OkCall): unknown {
  const { market, params, url } = call
  const count = Number(params.count ?? 1)
  if (!Number.isInteger(count) || count < 1 || count > MOST) throw badParam('Invalid count')
  const { id: groupId } = ownGroup(call)
  const until = Date.now() + DAY_MS
  const photo_ids = Array.from({ length: count }, () => {
    const id = `${nextId(market)}+/==`
    market.photos.set(id, { id, groupId, until })
    return id
  })
  const query = new URLSearchParams({ photoIds: photo_ids.join(',') })
  return {
    photo_ids,
    upload_url: `${url}/uploadImage?${query.toString()}`,
    expires_ms: until,
    ttl_ms: DAY_MS,
  }
}

const takeFiles = multer({ storage: multer.memoryStorage(), limits: { files: MOST } }).any()

/** Where files go, `pic1` and on; each is answered with a token. */
export function addUpload(app: App, market: OkMarket) {
  app.post('/uploadImage', (req, res) => {
    takeFiles(req, res, (error: unknown) => {
      if (error) fail(res, 505, 'PHOTO_NO_IMAGE')
      else void receive(req, res, market)
    })
  })
}

async function receive(req: Request, res: Response, market: OkMarket) {
  const ids = (req.query as Record<string, string>).photoIds?.split(',') ?? []
  const files = Array.isArray(req.files) ? req.files : []
  const fault = files.length === ids.length ? await keep(market, ids, files) : NO_IMAGE
  if (fault) fail(res, ...fault)
  else {
    const token = (id: string) => ({ token: market.photos.get(id)?.token })
    res.json({ photos: Object.fromEntries(ids.map((id) => [id, token(id)])) })
  }
}

type Fault = readonly [number, string]
const NO_IMAGE: Fault = [505, 'PHOTO_NO_IMAGE']

async function keep(
  { photos }: OkMarket,
  ids: readonly string[],
  files: readonly Express.Multer.File[],
): Promise<Fault | undefined> {
  for (const [at, { buffer, fieldname }] of files.entries()) {
    const photo = photos.get(ids[at] ?? '')
    if (!photo || photo.token || fieldname !== `pic${at + 1}`) return NO_IMAGE
    const fault = await faultOf(buffer)
    if (fault) return fault
    Object.assign(photo, { token: `${random(48)}=`, bytes: buffer })
  }
  return undefined
}

async function faultOf(bytes: Buffer): Promise<Fault | undefined> {
  const { default: sharp } = await import('sharp')
  const size = await sharp(bytes)
    .metadata()
    .catch(() => undefined)
  if (!size) return [503, 'PHOTO_INVALID_FORMAT']
  if (size.width < 128 || size.height < 128) return [501, 'PHOTO_SIZE_TOO_SMALL']
  return undefined
}

function fail(res: Response, error_code: number, name: string) {
  res.json({ error_code, error_msg: `${name} : photo`, error_data: null })
}
