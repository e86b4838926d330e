import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGroup, readProduct } from '../../../app/providers/evotor/product.ts'
import { growthOf } from '../../support/catalogue/growth.ts'
import { plain, plainLine } from '../../../app/catalogue/plain.ts'

test.each([
  ['Кофе &quot;Жокей&quot; 250г', 'Кофе "Жокей" 250г'],
  ['КОФЕ &QUOT;ЖОКЕЙ&QUOT;&NBSP;250Г', 'КОФЕ "ЖОКЕЙ" 250Г'],
  ['Earl&nbspGrey&#160;&laquo;А&raquo; &#x2014; &hellip; &frac12;', 'Earl Grey «А» — … ½'],
  ['Levi&#39;s &amp; Ко', "Levi's & Ко"],
  ['Знак &amp;quot; и &amp;lt;b&amp;gt;', 'Знак &quot; и &lt;b&gt;'],
  ['&lt;b&gt;не жирно&lt;/b&gt;', '<b>не жирно</b>'],
  ['<b>Роза</b> <i>алая</i>', 'Роза алая'],
  ['Роза <span style="color:red">алая</span>', 'Роза алая'],
  ['<a href="https://a.ru?x=1&amp;y=2">Сайт</a><o:p></o:p>', 'Сайт'],
  ['Красная<!-- внутри --> роза<script>alert(1)</script>', 'Красная роза'],
  ['Вес < 5 кг, объём > 2 л', 'Вес < 5 кг, объём > 2 л'],
  ['5 < 10', '5 < 10'],
  ['Я <3 тебя', 'Я <3 тебя'],
  ['М<Ж', 'М<Ж'],
  ['A&B, H&M, Rock&roll; R&D', 'A&B, H&M, Rock&roll; R&D'],
  ['Футболка <S>, <XL>', 'Футболка <S>, <XL>'],
  ['Горшок «Tom & Jerry» <мини>', 'Горшок «Tom & Jerry» <мини>'],
  ['Роза<b>&"', 'Роза<b>&"'],
  ['&unknown; &; &#; &#xZ;', '&unknown; &; &#; &#xZ;'],
])('%j reads %j', (text, read) => {
  expect(plainLine(text)).toBe(read)
})

test('blocks of HTML are lines', () => {
  expect(plain('<p>Описание&nbsp;товара</p><br/>Вторая &ndash; строка').trim()).toBe(
    'Описание\u00a0товара\n\nВторая – строка',
  )
  expect(plain('<ul><li>Мёд</li><li>Воск</li></ul>').replace(/\n+/g, '\n')).toBe(
    '\n• Мёд\n• Воск\n',
  )
})

test('text without HTML stays as it is', () => {
  const texts = fc.string({
    unit: fc.constantFrom(...Array.from('аБ1 .,<>3&;=\n"M')),
    maxLength: 60,
  })

  fc.assert(
    fc.property(texts, (text) => plain(text) === text),
    { numRuns: 3_000 },
  )
})

test('whatever was written for a browser is read back, once', () => {
  const written = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => plain(written(text)) === text),
    { numRuns: 2_000 },
  )
})

test.each(['<b>', '<a ', '<!--', '<script>', '&amp', '&#', '</', '<p '])(
  'a text of nothing but %j is read in time that grows with it, not with its square',
  async (piece) => {
    const reading = (pieces: number) => {
      const text = piece.repeat(pieces)
      return () => plain(text)
    }

    expect(await growthOf(reading(10_000), reading(100_000))).toBeLessThan(40) // ten times, or a hundred
  },
)

test('every text of a product and a group is read so', () => {
  const text = ' &laquo;А&raquo;&nbsp;&amp;<br>Б '
  const fields = ['name', 'article_number', 'code', 'measure_name'] as const

  const product = readProduct({
    id: '1',
    ...Object.fromEntries(fields.map((name) => [name, text])),
  })
  const attributes = [{ id: 'a', name: text, choices: [{ id: 'c', name: text }] }]
  const group = readGroup({ id: '1', name: text, attributes })

  const said = [product.name, product.article, product.code, product.unit, group.name]
  const chosen = group.attributes.flatMap(({ name, choices }) => [name, choices[0]?.name])
  expect(new Set([...said, ...chosen])).toEqual(new Set(['«А» & Б']))
  expect(readProduct({ id: '1', description: 'А<br>Б &lt;' }).description).toBe('А\nБ <')
})
