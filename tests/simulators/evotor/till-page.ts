import type { EvotorStore } from '../evotor.ts'
import type { EvotorCatalogue, EvotorGroup, EvotorProduct } from './catalogue.ts'

interface TillView {
  stores: readonly EvotorStore[]
  store: EvotorStore
  catalogue: EvotorCatalogue
  /** Part of a name that is looked for. */
  q: string
  /** What was done a moment ago. */
  said: string
}

/** More would make the page slow. */
const SHOWN = 300

/** Products by group, each with a form of its own; works without JavaScript. */
export function tillPage({ stores, store, catalogue, q, said }: TillView): string {
  const found = [...catalogue.products.values()].filter(({ name }) =>
    name.toLowerCase().includes(q.trim().toLowerCase()),
  )
  const shown = found.slice(0, SHOWN)
  const shelves = [...catalogue.groups.values(), undefined].map((group) =>
    shelf(
      group?.name ?? 'Без группы',
      shown.filter((product) => catalogue.groups.get(product.parent_id ?? '') === group),
      { store: store.id, q, group },
    ),
  )
  return `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>${text(store.name)}: товары на кассе</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head><body>
<p><a href="/">← Пульт</a></p><h1>Касса: товары</h1>
<p>Поменяйте цену или остаток и посмотрите, как изменится витрина ВКонтакте после синхронизации.</p>
${said ? `<p role="status">${text(said)}</p>` : ''}
<form class="row" action="/till"><label>Магазин <select name="store">${stores
    .map((one) => option(one.id, one.name, one.id === store.id))
    .join('')}</select></label>
<label>Название <input type="search" name="q" value="${text(q)}"></label><button>Показать</button></form>
${newProduct(store, catalogue, q)}
<p>Товаров: ${found.length}${found.length > SHOWN ? `, показаны первые ${SHOWN}: уточните название` : ''}.</p>
${shelves.join('')}</body></html>`
}

function newProduct(store: EvotorStore, { groups }: EvotorCatalogue, q: string): string {
  const plain = [...groups.values()].filter(({ attributes }) => attributes.length === 0)
  const choices = plain.map(({ id, name }) => option(id, name, false))
  return `<details><summary>Новый товар</summary><form class="row" method="post" action="/till">
${hidden({ store: store.id, q })}<label>Название <input name="name" maxlength="128" required></label>
<label>Группа <select name="group">${option('', 'Без группы', true)}${choices.join('')}</select></label>
${numbers({})}<button name="do" value="add">Добавить</button></form></details>`
}

interface Place {
  store: string
  q: string
  group: EvotorGroup | undefined
}

function shelf(name: string, products: readonly EvotorProduct[], place: Place): string {
  if (products.length === 0) return ''
  const rows = products.map((product) => row(product, place)).join('')
  return `<section><h2>${text(name)}</h2><ul>${rows}</ul></section>`
}

function row(product: EvotorProduct, { store, q, group }: Place): string {
  const { id, name, article_number, allow_to_sell, type } = product
  const choice = group?.attributes
    .flatMap(({ id: of, choices }) =>
      choices.filter((one) => one.id === product.attributes_choices?.[of]),
    )
    .map((one) => one.name)
  const about = [
    ...(choice ?? []),
    article_number && `арт. ${article_number}`,
    type === 'SERVICE' && 'услуга',
    type.startsWith('ALCOHOL') && 'алкоголь',
    !allow_to_sell && 'не продаётся',
  ].filter(Boolean)
  return `<li id="p-${text(id)}"><form class="row" method="post" action="/till">${hidden({ store, q, id })}
<p class="name">${text(name)} <small>${text(about.join(' · '))}</small></p>${numbers(product)}
<button name="do" value="save">Сохранить</button> <button name="do" value="remove" aria-label="Удалить: ${text(name)}">Удалить</button></form></li>`
}

function numbers({
  price,
  quantity,
  measure_name = 'шт',
}: Partial<Pick<EvotorProduct, 'price' | 'quantity' | 'measure_name'>>): string {
  const value = (number: number | undefined) => text(String(number ?? '').replace('.', ','))
  return `<label>Цена, ₽ <input class="number" name="price" inputmode="decimal" value="${value(price)}"></label>
<label>Остаток${measure_name && `, ${text(measure_name)}`} <input class="number" name="quantity" inputmode="text" value="${value(quantity)}"></label>`
}

const hidden = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${text(value)}">`)
    .join('')

const option = (value: string, name: string, selected: boolean) =>
  `<option value="${text(value)}"${selected ? ' selected' : ''}>${text(name)}</option>`

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Whatever a person wrote, safe between tags and inside quotes. */
const text = (raw: string) => raw.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')

const STYLE = `
*{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;color:#1c2b33;background:#f5f6f8;max-width:52rem;margin:1rem auto;padding:0 16px}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}ul{list-style:none;margin:0;padding:0}
li,details{background:#fff;border:1px solid #d9dee3;border-radius:10px;padding:10px 12px;margin:0 0 8px;scroll-margin-top:6rem}li:target{border-color:#2d5f8a;border-width:2px}
.row{display:flex;flex-wrap:wrap;gap:8px;align-items:end}.name{flex:1 1 100%;margin:0;overflow-wrap:anywhere}
@media(min-width:640px){.name{flex:1 1 14rem}}small{color:#55656f}label{font-size:.875rem;color:#55656f}
input,select,button{font:inherit;color:inherit;display:block;max-width:100%;padding:8px 10px;border:1px solid #8b98a3;border-radius:8px;background:#fff}
.number{width:7.5rem}button{cursor:pointer}button[value=save],button[value=add]{background:#2d5f8a;border-color:#2d5f8a;color:#fff}
summary{cursor:pointer}details{margin-top:12px}details form{margin-top:8px}[role=status]{position:sticky;top:8px;background:#e3f1e6;border-radius:8px;padding:8px 12px}a{color:#2d5f8a}`
