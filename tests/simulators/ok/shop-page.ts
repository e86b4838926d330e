import type { Express } from 'express'
import type { OkGroup, OkMarket, OkProduct } from './state.ts'

/** What a visitor sees of a group's goods, those that are not on display marked. */
export function addShopPage(app: Express, { groups }: OkMarket) {
  app.get('/shop/:id', (req, res) => {
    const group = groups.get(req.params.id)
    res
      .status(group ? 200 : 404)
      .type('html')
      .send(page(group))
  })
}

const page = (group: OkGroup | undefined) => `<!doctype html><html lang="ru"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(group?.name ?? 'Нет такой группы')}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 16px}
li{margin:12px 0;overflow-wrap:anywhere}p{margin:0;white-space:pre-line;color:#4c5560}</style></head>
<body><h1>${escape(group?.name ?? 'Нет такой группы')}</h1>${group ? shop(group) : ''}
<p><small>Это учебная копия сайта.</small></p></body></html>`

const shop = ({ products, catalogs }: OkGroup) =>
  `<p>Товаров: ${products.size}</p><ul>${[...products.values()].map((one) => card(one, catalogs)).join('')}</ul>`

function card(product: OkProduct, catalogs: OkGroup['catalogs']) {
  const { title, description, price, status, catalogIds } = product
  const names = catalogIds.map((id) => catalogs.get(id)?.name ?? id).join(', ')
  const note = status === 'ACTIVE' ? '' : ` <mark>${status}</mark>`
  return `<li><b>${escape(title)}</b>, ${(price / 100).toFixed(2)} ₽${note}<br><small>${escape(names)}</small>
<p>${escape(description)}</p></li>`
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
