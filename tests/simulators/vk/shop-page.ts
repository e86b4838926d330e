import type { Express, Response } from 'express'
import type { Vk } from '../vk.ts'
import { roubles } from './item-out.ts'
import type { Community, VkItem } from './state.ts'

/** What a visitor sees of a community's goods, the hidden ones marked; the photos; the page that asks for a captcha. */
export function addShopPage(app: Express, vk: Vk) {
  app.get('/shop/:id', (req, res) => {
    const community = vk.communities.get(Number(req.params.id))
    if (community) send(res, community.name, shop(community))
    else send(res.status(404), 'Нет такого сообщества', '<p>Проверьте адрес.</p>')
  })
  app.get('/photo/:id', async (req, res) => {
    await sendPhoto(res, vk, Number(req.params.id))
  })
  app.get('/not_robot_captcha', (_req, res) => {
    send(
      res,
      'Подтвердите, что вы не робот',
      '<form method="post"><button>Я не робот</button></form>',
    )
  })
  app.post('/not_robot_captcha', (_req, res) => {
    vk.solveCaptcha()
    send(res, 'Спасибо', '<p>Проверка пройдена. Вернитесь в EvoSync и продолжите.</p>')
  })
}

function shop(community: Community): string {
  const { albums, items, market } = community
  if (!market) return '<p>В этом сообществе товары выключены.</p>'
  const inAlbums = new Set([...albums.values()].flatMap((album) => [...album.items]))
  const parts = [...albums.values()].map((album) => ({
    title: album.title,
    cards: [...items.values()].filter(({ id }) => album.items.has(id)),
  }))
  const rest = [...items.values()].filter(({ id }) => !inAlbums.has(id))
  const all = rest.length
    ? [...parts, { title: albums.size ? 'Без подборки' : 'Все товары', cards: rest }]
    : parts
  return `<p>Товаров: ${items.size}</p>${all.map((part) => section(community, part)).join('')}`
}

const section = (community: Community, { title, cards }: { title: string; cards: VkItem[] }) =>
  `<h2>${escape(title)} <small>${cards.length}</small></h2><ul>${cards.map((one) => card(community, one)).join('')}</ul>`

function card({ photos }: Community, item: VkItem) {
  const { title, description, price, oldPrice, stock, availability, sku, photoIds } = item
  const photo = photos.get(photoIds[0] ?? 0)
  const image = photo?.bytes
    ? `<img src="/photo/${photo.id}" alt="" loading="lazy" width="320" height="320">`
    : `<span class="none">${photo ? 'Фото не хранится' : 'Нет фото'}</span>`
  return `<li${availability ? ' class="hidden"' : ''}>${image}<h3>${escape(title)}</h3>
<p><b>${roubles(price)}</b>${oldPrice ? ` <s>${roubles(oldPrice)}</s>` : ''}${availability ? ' <mark>скрыт</mark>' : ''}</p>
<p class="words">${escape(description)}</p><p><small>${escape([stockOf(stock), sku && `Артикул: ${sku}`].filter(Boolean).join(' · '))}</small></p></li>`
}

function stockOf(stock: number | undefined): string {
  if (stock === undefined) return ''
  if (stock < 0) return 'В наличии'
  return stock === 0 ? 'Нет в наличии' : `В наличии: ${stock}`
}

async function sendPhoto(res: Response, vk: Vk, id: number) {
  const photos = [...vk.communities.values()].map((community) => community.photos.get(id))
  const bytes = photos.find(Boolean)?.bytes
  if (!bytes) {
    res.sendStatus(404)
    return
  }
  const { default: sharp } = await import('sharp')
  const small = await sharp(bytes)
    .resize(320, 320, { fit: 'cover' })
    .jpeg({ quality: 80 })
    .toBuffer()
  res.set('Cache-Control', 'max-age=86400').type('jpeg').send(small)
}

function send(res: Response, title: string, body: string) {
  res.type('html').send(`<!doctype html><html lang="ru"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title><style>
body{font:16px/1.45 system-ui,sans-serif;background:#edeef0;color:#1b1f24;margin:0}
main{max-width:1120px;margin:0 auto;padding:16px}h1{font-size:1.5rem;margin:8px 0}h2{font-size:1.15rem;margin:24px 0 8px}
ul{list-style:none;margin:0;padding:0;display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}
li{background:#fff;border-radius:12px;padding:10px;min-width:0;overflow-wrap:anywhere}li.hidden img{opacity:.45}
img,.none{display:block;width:100%;height:auto;aspect-ratio:1;border-radius:8px;object-fit:cover;background:#e1e3e6}
.none{display:grid;place-items:center;color:#5b6570}h3{font-size:1rem;font-weight:500;margin:8px 0 4px}p{margin:4px 0}
li .words{font-size:.875rem;color:#4c5560;display:-webkit-box;-webkit-line-clamp:3;-webkit-box-orient:vertical;overflow:hidden}
small{color:#5b6570;font-weight:400}mark{border-radius:6px;padding:0 6px;background:#ffe7b3}
button{font:inherit;padding:10px 16px;border-radius:8px;border:1px solid #345;background:#2d5f8a;color:#fff}
@media(min-width:720px){ul{grid-template-columns:repeat(auto-fill,minmax(200px,1fr))}}
</style></head><body><main><h1>${escape(title)}</h1>${body}<p><small>Это учебная копия сайта.</small></p></main></body></html>`)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
