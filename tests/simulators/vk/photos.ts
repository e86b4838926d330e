import { createHash } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import multer from 'multer'
import { random, textsOf, type Vk } from '../vk.ts'
import { groupOf, mayChange, type VkCall } from './access.ts'
import { flagOf } from './params.ts'
import { invalid, outOfScope, VkRefusal } from './refusal.ts'
import { nextId, type Upload, type UploadAddress, type VkMarket } from './state.ts'

const MEGABYTE = 1024 * 1024

/** market.getProductPhotoUploadServer (reference: VK, 8.1). */
export function getUploadServer(call: VkCall): unknown {
  const { market, userId, params, url } = call
  mayUpload(call)
  const { id } = mayChange(call, groupOf(call), 203)
  const token = random(12)
  const { uploadUses: uses, uploadMs } = market.rules
  const until = Date.now() + uploadMs
  market.uploadAddresses.set(token, {
    communityId: id,
    userId,
    bulk: flagOf(params, 'bulk'),
    uses,
    until,
  })
  return { upload_url: `${url}/upload?token=${token}` }
}

function mayUpload({ market, scope }: VkCall) {
  if (market.rules.uploadNeedsPhotos && !scope.includes('photos')) throw outOfScope()
}

const takeFiles = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: 50 * MEGABYTE, files: 5 },
}).any()

/** Where files go: neither a token nor a signature but what the address carries. */
export function addUpload(app: Express, vk: Vk) {
  app.post('/upload', (req, res) => {
    takeFiles(req, res, (error: unknown) => {
      if (error) refuse(res, `ERR_UPLOAD_FILE: ${(error as Error).message}`)
      else void receive(req, res, vk)
    })
  })
}

async function receive(req: Request, res: Response, vk: Vk) {
  const address = vk.uploadAddresses.get(textsOf(req.query).token ?? '')
  const files = filesOf(req, address?.bulk ?? false)
  if (!address || address.until < Date.now() || address.uses < 1) {
    refuse(res, 'ERR_UPLOAD_TOKEN: upload address is not valid any more')
    return
  }
  if (!files?.length) {
    refuse(res, 'ERR_UPLOAD_FILE_NOT_UPLOADED: file was not uploaded')
    return
  }
  address.uses -= 1
  try {
    const read = await Promise.all(files.map(measure))
    const { communityId, userId, bulk } = address
    const answer = answerOf(vk, address, read)
    vk.uploads.set(answer, { communityId, userId, bulk, files: read, saves: 0 })
    res.type('json').send(answer)
  } catch (error) {
    refuse(res, (error as Error).message)
  }
}

/** `file`, or `file1` … `file5` of a bulk address, in the order of their numbers. */
function filesOf({ files }: Request, bulk: boolean): Buffer[] | undefined {
  const sent = Array.isArray(files) ? files : []
  const name = bulk ? /^file[1-5]$/ : /^file$/
  if (
    !sent.every(({ fieldname, mimetype }) => name.test(fieldname) && mimetype.startsWith('image/'))
  )
    return undefined
  if (!bulk && sent.length > 1) return undefined
  return sent
    .toSorted((one, other) => one.fieldname.localeCompare(other.fieldname))
    .map(({ buffer }) => buffer)
}

/** @throws Error in the upload server's words (rules: reference: VK, 8.3) */
async function measure(bytes: Buffer): Promise<Upload['files'][number]> {
  const { format, width, height } = await sizeOf(bytes)
  if (!['jpeg', 'png', 'gif'].includes(format))
    throw new Error('ERR_UPLOAD_BAD_IMAGE_FORMAT: jpg, png or gif expected')
  if (width < 400 || height < 400)
    throw new Error('ERR_UPLOAD_BAD_IMAGE_SIZE: market photo min size 400x400')
  if (width + height > 14_000)
    throw new Error('ERR_UPLOAD_BAD_IMAGE_SIZE: width and height are 14000 at most together')
  return { width, height, bytes }
}

/** Told once of each picture: one photo for all goods comes again and again. */
async function sizeOf(bytes: Buffer): Promise<Seen> {
  const name = createHash('sha1').update(bytes).digest('hex')
  const known = seen.get(name)
  if (known) return known
  const { default: sharp } = await import('sharp')
  const size = await sharp(bytes)
    .metadata()
    .catch(() => ({ format: '', width: 0, height: 0 }))
  seen.set(name, size)
  return size
}

type Seen = Record<'width' | 'height', number> & { format: string }
const seen = new Map<string, Seen>()

function answerOf(vk: Vk, address: UploadAddress, files: Upload['files']): string {
  const shared = {
    hash: random(16),
    server: '1',
    user_id: address.userId,
    group_id: address.communityId,
    request_id: random(6),
    album_id: -53,
    app_id: Number(vk.clientId),
  }
  const parts = files.map(({ width, height }) => ({
    sha: random(20),
    secret: random(9),
    meta: { height: String(height), width: String(width), kid: random(8) },
  }))
  if (!address.bulk) return JSON.stringify({ ...parts[0], ...shared })
  if (vk.rules.bulkAnswer === 'object') return JSON.stringify({ photos: parts, ...shared })
  return JSON.stringify(parts.map((part) => ({ ...part, ...shared })))
}

function refuse(res: Response, error_msg: string) {
  res.json({ error_code: 22, error_msg })
}

/** market.saveProductPhoto. */
export function save(call: VkCall): unknown {
  const [photo_id] = saved(call, false)
  return { photo_id }
}

/** market.saveProductPhotoBulk: in the order of the files. */
export function saveBulk(call: VkCall): unknown {
  return saved(call, true).map((photo_id) => ({ photo_id }))
}

/** The upload's answer byte for byte: an altered one is error 121, another thing 129. */
function saved(call: VkCall, bulk: boolean): number[] {
  const { market, params, userId } = call
  mayUpload(call)
  const text = params.upload_response
  if (!text) throw invalid('upload_response is undefined')
  const upload = market.uploads.get(text)
  if (!upload) throw new VkRefusal(isJson(text) ? 121 : 129)
  if (upload.bulk !== bulk || upload.userId !== userId) throw new VkRefusal(121)
  const community = market.communities.get(upload.communityId)
  if (!community) throw new VkRefusal(125)
  mayChange(call, community, 203)
  upload.saves += 1
  if (upload.saves >= market.rules.savesPerUpload) market.uploads.delete(text)
  return upload.files.map(({ width, height, bytes }) => {
    const id = nextId(market)
    const photo = { id, itemId: undefined, width, height, bytes: kept(market, bytes) }
    community.photos.set(id, { ...photo, savedAt: Date.now() })
    return id
  })
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

/** Only while there is room: a bench of thousands must not fill the memory. */
function kept(market: VkMarket, bytes: Buffer): Buffer | undefined {
  if (!market.keepPhotos || market.photoRoom < bytes.length) return undefined
  market.photoRoom -= bytes.length
  return bytes
}
