import { Buffer } from 'node:buffer'
import process from 'node:process'
import { promisify } from 'node:util'
import express from 'express'

/** Express and EJS and nothing else: a page of as many bytes as it was started with, view cache on. */
const wanted = Number(process.argv[2])
const app = express()
app.set('views', import.meta.dirname)
app.set('view engine', 'ejs')
app.enable('view cache')
app.disable('etag') // as EvoSync's pages have none

const row = { name: 'Букет «Утро»', price: '2 490 ₽', left: '12 шт' }
const sizeOf = async (rows) => {
  const locals = { title: 'Товары', rows: Array(rows).fill(row) }
  return Buffer.byteLength(await promisify(app.render.bind(app))('bare', locals))
}
const [empty, one] = [await sizeOf(0), await sizeOf(1)]
const rows = Array(Math.round((wanted - empty) / (one - empty))).fill(row)

app.get('/', (_req, res) => {
  res.render('bare', { title: 'Товары', rows })
})
app.listen(Number(process.env.PORT), '127.0.0.1')
