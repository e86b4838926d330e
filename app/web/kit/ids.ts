import { NotFound } from '../../errors.ts'

/**
 * A row's number out of an address.
 * @throws NotFound for everything that cannot be one; numbers beyond what a column holds are no error of the database's
 */
export function idOf({ id }: Record<string, string | string[] | undefined>): number {
  const text = typeof id === 'string' && /^\d{1,10}$/.test(id) ? id : ''
  const number = Number(text)
  if (!text || number > 2 ** 31 - 1) throw new NotFound('no such number')
  return number
}
