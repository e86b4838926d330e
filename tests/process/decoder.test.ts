import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDecoder } from '../../app/pictures/decoder.ts'
import { DecoderGone } from '../../app/pictures/decoder-talk.ts'
import { toCard, toJpeg } from '../../app/pictures/index.ts'
import { painted } from '../support/pictures.ts'

const picture = await painted(600, 400).png().toBuffer()
const look = (decoder: ReturnType<typeof createDecoder>) =>
  decoder.use(async (ask) => (await ask({}, picture)).about)

test('a process that is killed takes one picture with it, and not the next', async () => {
  const decoder = createDecoder()
  await look(decoder)

  const lost = decoder.use((ask) => {
    for (const pid of decoders()) process.kill(pid, 'SIGKILL')
    return ask({}, picture)
  })

  await expect(lost).rejects.toThrow(DecoderGone)
  expect(await look(decoder)).toMatchObject({ format: 'png' })
})

test('a drawing of ours is painted, and what people send as one stays shut', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>')
  const card = await toCard({ title: 'Роза', unit: 'шт', tone: 1 })

  expect(card).toMatchObject({ width: 1000, height: 1000 })
  await expect(toJpeg(svg)).rejects.toMatchObject({ code: 'photo_unreadable' })
})

test('it ends when nobody asks any more, and is there again for who does', async () => {
  const decoder = createDecoder(50)
  await look(decoder)
  const before = decoders().at(-1)

  await expect.poll(() => decoders().includes(before ?? 0)).toBe(false)
  expect(await look(decoder)).toMatchObject({ format: 'png' })
})

test('one that is asked for while another ends is the one that ends later: none is left behind', async () => {
  const decoder = createDecoder(1)
  const others = new Set(decoders())

  for (let times = 0; times < 8; times += 1) {
    await look(decoder)
    await pause(1 + (times % 4)) // it is told to end, and has not ended yet
  }

  const left = () => decoders().filter((pid) => !others.has(pid))
  await expect.poll(left).toEqual([])
})

test('it knows nothing of our environment', async () => {
  await toJpeg(picture)

  const known = readFileSync(`/proc/${decoders().at(-1) ?? 0}/environ`, 'utf8')

  expect(known).toContain('MALLOC_ARENA_MAX=1')
  expect(known).not.toContain('PATH=')
})

/** Numbers of the decoders this process has started; of Linux. */
function decoders(): number[] {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  })
  return [...listed.matchAll(/^ *(\d+) .*picture-decoder/gm)].map(([, pid]) => Number(pid))
}
