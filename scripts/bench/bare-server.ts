import type { AddressInfo } from 'node:net'
import express from 'express'

/** Express and EJS and nothing else: a page of as many bytes as it was started with, view cache on. */
const wanted = Number(process.argv[2])
const app = express()
app.set('views', import.meta.dirname)
app.set('view engine', 'ejs')
app.enable('view cache')

const row = { name: 'Букет «Утро»', price: '2 490 ₽', left: '12 шт' }
const sizeOf = (rows: number) =>
  new Promise<number>((resolve, reject) => {
    app.render(
      'bare',
      { title: 'Товары', rows: Array(rows).fill(row) },
      (error: Error | null, html: string) => {
        if (error) reject(error)
        else resolve(Buffer.byteLength(html))
      },
    )
  })
const [empty, one] = [await sizeOf(0), await sizeOf(1)]
const rows = Array<typeof row>(Math.round((wanted - empty) / (one - empty))).fill(row)

app.get('/', (_req, res) => {
  res.render('bare', { title: 'Товары', rows })
})
const server = app.listen(0, '127.0.0.1', () =>
  process.send?.((server.address() as AddressInfo).port),
)
process.on('message', () => process.send?.(process.cpuUsage()))
