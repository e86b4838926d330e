import { expect, onTestFinished, test } from 'vitest'
import { openSpool } from '../../app/web/kit/spool.ts'

test('what was written is read, from wherever it stands', async () => {
  const spool = await openSpool()
  onTestFinished(() => spool.close())
  await spool.write(Buffer.from('первое'))
  await spool.write(Buffer.from('второе'))

  const second = await spool.read(Buffer.byteLength('первое'), Buffer.byteLength('второе'))

  expect(String(second)).toBe('второе')
})

test('what is not there whole is no file: stray memory is never taken for one', async () => {
  const spool = await openSpool()
  onTestFinished(() => spool.close())
  await spool.write(Buffer.from('начало'))

  await expect(spool.read(0, 1_000)).rejects.toThrow('cut short')
})
