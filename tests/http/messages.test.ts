import express from 'express'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { messagesOf } from '../../app/web/messages.ts'

test('a request and its answer are Express’ own before Express sees them, and do what Express adds', async () => {
  const app = express()
  app.get('/:name', (req, res) => {
    res.status(201).json({ name: req.params.name, host: req.hostname, same: req.app === app })
  })
  const server = createServer(messagesOf(app))
  const before: boolean[] = []
  server.on('request', (req, res) => {
    before.push(Object.getPrototypeOf(req) === app.request)
    before.push(Object.getPrototypeOf(res) === app.response)
  })
  server.on('request', app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())

  const { port } = server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}/утро`, { headers: { connection: 'close' } })

  expect([answer.status, await answer.json()]).toEqual([
    201,
    { name: 'утро', host: '127.0.0.1', same: true },
  ])
  expect(before).toEqual([true, true])
})
