import { spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { lastBuild } from '../../scripts/built.js'
import { openSqlite } from '../../app/store/sqlite-driver.ts'
import { Browser } from '../support/browser.ts'
import { freePort } from '../support/postgres.ts'
import { ROOT, startServer, tempFolder } from '../support/process.ts'

const SOURCES = [
  'app',
  'db',
  'docs',
  'public',
  'scripts',
  'tests/simulators',
  'package.json',
  'package-lock.json',
]
const BUILDING = /собираем/
const FAILED = /не получилось/
const NOBODY = 65_534

test('a copy of what is built, with other times, runs as it is', () => {
  const copy = copyOfUs()

  const { stdout, stderr } = secrets(copy)

  expect(stdout).toContain('SESSION_SECRET=')
  expect(stderr).toBe('')
})

test('a source that has changed is built anew first, and that is said, once', () => {
  const copy = copyOfUs()
  secrets(copy)
  change(copy)

  const [first, second] = [secrets(copy), secrets(copy)]

  expect(first.stdout).toContain('CHANGED=1')
  expect(first.stderr).toMatch(BUILDING)
  expect(first.stderr).not.toMatch(FAILED)
  expect(second.stdout).toContain('CHANGED=1')
  expect(second.stderr).toBe('')
})

test('where nothing was built yet it is built', () => {
  const copy = copyOfUs()
  rmSync(path.join(copy, 'dist'), { recursive: true })

  const { stdout, stderr } = secrets(copy)

  expect(stdout).toContain('SESSION_SECRET=')
  expect(stderr).toMatch(BUILDING)
  expect(stderr).not.toMatch(FAILED)
})

test('who may not write there runs the sources, and is told', () => {
  const copy = copyOfUs()
  change(copy)
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  chmodSync(path.join(copy, 'dist'), 0o555)

  const { stdout, stderr } = secrets(copy, asNobody)

  expect(stdout).toContain('CHANGED=1')
  expect(stderr).toMatch(/Собрать не получилось.*npm run build/s)
})

test('without the sources, as in an image, what was built runs', () => {
  const copy = copyOfUs()
  for (const gone of ['app', 'db', 'scripts/secrets.ts', 'tests']) {
    rmSync(path.join(copy, gone), { recursive: true })
  }

  const { stdout, stderr } = secrets(copy)

  expect(stdout).toContain('SESSION_SECRET=')
  expect(stderr).toBe('')
})

test('a stack in the log names the source and its line', async () => {
  const folder = tempFolder()
  const port = await freePort()
  const server = startServer(folder, { PORT: String(port) })
  await server.logged('listening')
  const browser = new Browser(`http://localhost:${port}`)
  await browser.register()
  const database = openSqlite(path.join(folder, 'db/evosync.sqlite'))
  database.pragma('foreign_keys = off')
  database.exec('drop table connections')
  database.close()

  expect((await browser.get('/connections')).status).toBe(500)

  const { stack } = logged(server.output()).find(({ stack }) => stack !== undefined) ?? {}
  expect(stack).toMatch(/\/app\/[\w/-]+\.ts:\d+:\d+/)
  expect(stack).not.toMatch(/dist\/.*\.js/)
})

/** A checkout with the same packages, where everything may be changed. */
function copyOfUs(): string {
  const copy = tempFolder()
  chmodSync(copy, 0o755)
  for (const one of SOURCES) cpSync(path.join(ROOT, one), path.join(copy, one), { recursive: true })
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'))
  mkdirSync(path.join(copy, 'dist'))
  for (const one of ['build.json', lastBuild()?.folder ?? '']) {
    cpSync(path.join(ROOT, 'dist', one), path.join(copy, 'dist', one), { recursive: true })
  }
  return copy
}

function change(copy: string) {
  appendFileSync(path.join(copy, 'scripts/secrets.ts'), "\nconsole.log('CHANGED=1')\n")
}

/** `npm run secrets`. */
function secrets(copy: string, who: { uid?: number; gid?: number } = {}) {
  const args = [path.join(copy, 'scripts/run.js'), 'scripts/secrets.ts']
  const env = { PATH: process.env.PATH }
  return spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8', ...who })
}

const logged = (output: string): { stack?: string }[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { error?: { stack?: string } }).error ?? {})
