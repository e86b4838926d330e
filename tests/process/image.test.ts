import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { freshSecrets } from '../../app/config/secrets.ts'
import { freePort } from '../support/postgres.ts'
import { ROOT, tempFolder, watch } from '../support/process.ts'
import { type Instruction, instructionsOf, playStages } from './image-stages.ts'

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')
const instructions = instructionsOf(read('deploy/Dockerfile'))

test('an image made by deploy/Dockerfile’s steps starts as it is, writes nothing in its folder, and is healthy', async () => {
  const image = playStages(instructions).at(-1)
  if (!image) throw new Error('no stage')
  const cwd = path.join(image.root, last(image.instructions, 'WORKDIR'))
  const port = String(await freePort())
  const data = tempFolder()
  const env = {
    ...freshSecrets(),
    PATH: process.env.PATH,
    PORT: port,
    HOST: '127.0.0.1',
    BASE_URL: `http://localhost:${port}`,
    DATABASE_FILE: path.join(data, 'evosync.sqlite'),
  }
  const before = filesOf(cwd)
  const isHealthy = () =>
    spawnSync(...commandOf(last(image.instructions, 'HEALTHCHECK')), { cwd, env })

  expect(isHealthy().status).toBe(1)
  const [node, args] = commandOf(last(image.instructions, 'CMD'))
  const server = watch(spawn(node, args, { cwd, env }))
  await server.logged('listening')

  expect(server.output()).not.toMatch(/собира/i)
  expect(isHealthy().status).toBe(0)
  expect((await fetch(`http://127.0.0.1:${port}/login`)).status).toBe(200)
  await server.stop()
  expect(filesOf(cwd)).toEqual(before)
  expect(
    before.filter((file) => /(^|\/)(\.env|esbuild|typescript|vitest)(\/|$)/.test(file)),
  ).toEqual([])
})

test('it is nobody’s root, and its data are a volume of its own', () => {
  const own = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))

  expect(Number.parseInt(last(own, 'USER'), 10)).toBeGreaterThan(0)
  expect(own.findIndex(({ name }) => name === 'USER')).toBeLessThan(
    own.findIndex(({ name }) => name === 'CMD'),
  )
  expect(last(own, 'ENV')).toContain(`DATABASE_FILE=${last(own, 'VOLUME')}/`)
})

test('what is copied is in the repository, and let in by .dockerignore, which lets nothing else in', () => {
  const [everything, ...let_in] = read('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
  const copied = instructions
    .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from='))
    .flatMap(({ rest }) => rest.split(' ').slice(0, -1))
  const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n')

  expect(everything).toBe('*')
  expect(let_in.map((line) => line.replace(/^!/, '')).toSorted()).toEqual(
    [...new Set(copied)].toSorted(),
  )
  for (const one of copied)
    expect(
      tracked.some((file) => file === one || file.startsWith(`${one}/`)),
      one,
    ).toBe(true)
})

function last(of: readonly Instruction[], name: string): string {
  return of.findLast((one) => one.name === name)?.rest ?? ''
}

/** The program and its arguments, of the form that needs no shell. */
function commandOf(rest: string): [string, string[]] {
  const [program = '', ...args] = JSON.parse(rest.slice(rest.indexOf('['))) as string[]
  return [program, args]
}

/** With what would show that one was written. */
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules/'))
    .map((name) => `${name} ${statSync(path.join(folder, name)).mtimeMs}`)
    .toSorted()
