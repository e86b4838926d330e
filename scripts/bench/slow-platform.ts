import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers users.get after as many milliseconds as it was started with. */
const delay = Number(process.argv[2])
const body = JSON.stringify({ response: [{ id: 1, first_name: 'Марина', last_name: 'Ковалёва' }] })

const server = createServer((_req, res) => {
  setTimeout(() => res.setHeader('content-type', 'application/json').end(body), delay)
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('message', () => process.send?.('bye'))
