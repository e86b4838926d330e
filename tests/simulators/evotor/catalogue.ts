import { randomUUID } from 'node:crypto'

/** What a till has of a product. Prices in roubles, as the cloud tells them. */
export interface EvotorProduct {
  id: string
  type: string
  parent_id?: string
  name: string
  code?: string
  article_number?: string
  price?: number
  quantity?: number
  measure_name: string
  allow_to_sell: boolean
  description: string
  attributes_choices?: Record<string, string>
  /** Names its picture; another name is another picture. */
  picture?: string
  /** Milliseconds. */
  updated_at: number
}

export interface EvotorGroup {
  id: string
  parent_id?: string
  name: string
  attributes: { id: string; name: string; choices: { id: string; name: string }[] }[]
  updated_at: number
}

/** What stands in one store. */
export interface Stock {
  groups: EvotorGroup[]
  products: EvotorProduct[]
}

export type EvotorCatalogue = ReturnType<typeof createCatalogue>

/** A store's catalogue, filled when somebody first looks; its verbs stamp `updated_at`, its maps do not. */
export function createCatalogue(stock: () => Stock = nothing) {
  let filled: { groups: Map<string, EvotorGroup>; products: Map<string, EvotorProduct> } | undefined
  let last = 0

  const contents = () => (filled ??= asMaps(stock()))
  const stamp = () => (last = Math.max(Date.now(), last + 1))

  const catalogue = {
    get groups() {
      return contents().groups
    },
    get products() {
      return contents().products
    },
    /** Everything that was there makes room. */
    fill(other: Stock) {
      filled = asMaps(other)
    },
    /** A new product, or another one under the same id. */
    put(product: Partial<EvotorProduct> & { name: string }): EvotorProduct {
      const id = product.id ?? randomUUID()
      const whole = { ...PLAIN, ...product, id, updated_at: stamp() }
      catalogue.products.set(id, whole)
      return whole
    },
    putGroup(group: Partial<EvotorGroup> & { name: string }): EvotorGroup {
      const id = group.id ?? randomUUID()
      const whole = { attributes: [], ...group, id, updated_at: stamp() }
      catalogue.groups.set(id, whole)
      return whole
    },
    change(id: string, change: Partial<EvotorProduct>) {
      catalogue.put({ ...catalogue.find(id), ...change })
    },
    remove: (id: string) => catalogue.products.delete(id),
    setPrice: (id: string, price: number) => {
      catalogue.change(id, { price })
    },
    /** Without a number the till does not tell any more. */
    setQuantity(id: string, quantity?: number) {
      const rest = { ...catalogue.find(id) }
      delete rest.quantity
      catalogue.put({ ...rest, ...(quantity !== undefined && { quantity }) })
    },
    rename: (id: string, name: string) => {
      catalogue.change(id, { name })
    },
    find(id: string): EvotorProduct {
      const product = catalogue.products.get(id)
      if (!product) throw new Error(`no product ${id}`)
      return product
    },
  }
  return catalogue
}

const PLAIN = { type: 'NORMAL', measure_name: 'шт', allow_to_sell: true, description: '' }
/** The till has had these for long. */
export const LONG_AGO = Date.UTC(2025, 0, 1, 10)

const nothing = (): Stock => ({ groups: [], products: [] })

const asMaps = ({ groups, products }: Stock) => ({
  groups: new Map(groups.map((group) => [group.id, group])),
  products: new Map(products.map((product) => [product.id, product])),
})

/** The same UUID for the same number, and no other one of the space begins with the same 12 digits. */
export function tillId(space: number, number: number): string {
  const hex = (value: number, digits: number) =>
    (value >>> 0).toString(16).padStart(8, '0').slice(-digits)
  const mixed = Math.imul(number + 1, 0x9e3779b1)
  const rest = Math.imul(number + 7, 0x85ebca6b)
  return `${hex(mixed, 8)}-${hex(space, 4)}-4${hex(rest, 3)}-8${hex(mixed, 3)}-${hex(rest, 8)}${hex(space, 4)}`
}

const FLOWERS =
  'Роза Тюльпан Хризантема Гвоздика Пион Лилия Эустома Гербера Ирис Альстромерия Гортензия Нарцисс Фрезия Орхидея Ранункулюс Подсолнух Дельфиниум Матиола Анемон Калла Гиацинт Астра Георгина Протея'.split(
    ' ',
  )
const COLOURS =
  'белый розовый алый жёлтый кремовый персиковый сиреневый бордовый оранжевый голубой фуксия пудровый салатовый двухцветный'.split(
    ' ',
  )
const LENGTHS = [40, 50, 60, 70, 80, 90]
const PACKS = ['1 шт', '5 шт', '11 шт', '25 шт', '51 шт']

const MANY = 0x3a3a

/** Believable products, up to 10,080 with names of their own, in a group for every flower. Same count, same products. */
export function manyProducts(count: number): Stock {
  const groups = FLOWERS.map((name, index) => ({
    id: tillId(MANY, 1_000_000 + index),
    name,
    attributes: [],
    updated_at: LONG_AGO,
  }))
  const products = Array.from({ length: count }, (_none, index) => one(index, groups))
  return { groups, products }
}

function one(index: number, groups: readonly EvotorGroup[]): EvotorProduct {
  const [flower, second] = [index % FLOWERS.length, Math.floor(index / FLOWERS.length)]
  const [colour, third] = [second % COLOURS.length, Math.floor(second / COLOURS.length)]
  const [length, pack] = [third % LENGTHS.length, Math.floor(third / LENGTHS.length)]
  const name = `${FLOWERS[flower] ?? ''}, ${COLOURS[colour] ?? ''} цвет, ${LENGTHS[length] ?? 0} см, ${PACKS[pack % PACKS.length] ?? ''}`
  return {
    ...PLAIN,
    id: tillId(MANY, index),
    ...(groups[flower] && { parent_id: groups[flower].id }),
    name,
    code: String(index + 1),
    article_number: `Ц-${String(index + 1).padStart(5, '0')}`,
    price: 90 + (index % 37) * 10 + pack * 350,
    quantity: 1 + (index % 60),
    description: index % 3 === 0 ? `${name}. Свежая поставка, стоит не меньше недели.` : '',
    updated_at: LONG_AGO,
  }
}
