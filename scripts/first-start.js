// @ts-check
/**
 * Starts what was built once, on an empty database, and keeps the code of what its first page has called:
 * `node scripts/first-start.js dist/build-…/app/server.cjs`.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { openScript } from './kept-code.js'

const AGAIN_MS = 20
const [, , file = ''] = process.argv
const script = openScript(path.resolve(file))

const folder = mkdtempSync(path.join(tmpdir(), 'evosync-'))
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})
process.chdir(folder) // its .env and its database are made here
process.env.PORT = String(await freePort())
script.run()
while (!(await answers())) await setTimeout(AGAIN_MS)
script.keep()
process.exit(0)

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}

/** @returns {Promise<boolean>} */
function answers() {
  return new Promise((resolve) => {
    get({ port: process.env.PORT, path: '/login' }, (answer) => {
      answer.resume().once('end', () => {
        resolve(answer.statusCode === 200)
      })
    }).once('error', () => {
      resolve(false)
    })
  })
}
