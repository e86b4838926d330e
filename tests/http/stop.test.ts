import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createContext } from '../../app/context.ts'
import { serve } from '../../app/serve.ts'
import { testConfig } from '../support/app.ts'

const HEAD = 'HTTP/1.1\r\nHost: localhost\r\n'

test('stopping waits for who is being answered, and for nobody who has asked nothing', async () => {
  const ctx = createContext(await testConfig({ env: { LOG_LEVEL: 'error' } }))
  const running = await serve(ctx)
  const silent = await call(running.port)
  const half = await call(running.port, 'GET /healthz HT')
  const kept = await call(running.port, `GET /healthz ${HEAD}\r\n`)
  await once(kept, 'data')
  const asking = await call(
    running.port,
    `POST /login ${HEAD}Expect: 100-continue\r\nContent-Length: 7\r\n` +
      'Content-Type: application/x-www-form-urlencoded\r\n\r\n',
  )
  await once(asking, 'data') // it is being served: go on

  const stopping = running.stop()
  await Promise.all([silent, half, kept].map((socket) => once(socket, 'close')))
  let answer = ''
  asking.on('data', (bytes: Buffer) => (answer += bytes.toString()))
  asking.write('email=a')
  await Promise.all([stopping, once(asking, 'end')])

  expect(answer).toMatch(/^HTTP\/1\.1 [34]\d\d /)
})

test('a connection is kept longer than a proxy keeps one it does not use', async () => {
  const ctx = createContext(await testConfig({ env: { LOG_LEVEL: 'error' } }))
  const running = await serve(ctx)
  onTestFinished(() => running.stop())

  const { headers } = await fetch(`http://127.0.0.1:${running.port}/healthz`)

  const [, seconds] = /^timeout=(\d+)$/.exec(headers.get('keep-alive') ?? '') ?? []
  expect(Number(seconds)).toBeGreaterThan(120) // Caddy's; nginx lets it go after 60
})

async function call(port: number, said = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  socket.resume()
  await once(socket, 'connect')
  if (said) socket.write(said)
  return socket
}
