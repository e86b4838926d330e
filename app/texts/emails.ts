/** One spelling for one address: `Marina@Example.RU ` and `marina@example.ru` are the same person. */
export const canonicalEmail = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

/** Whether a canonical address is fit to be kept: nothing that a letter's header would read as another one, or as two. */
export const isEmail = (text: string): boolean => text.length <= 254 && ADDRESS.test(text)

const ADDRESS =
  /^[^\s@<>,;:"()[\]\\\p{Cc}]+@[^\s@<>,;:"()[\]\\\p{Cc}.]+(\.[^\s@<>,;:"()[\]\\\p{Cc}.]+)+$/u

/** `EvoSync <shop@example.ru>`, `"Лавка, Тверь" <shop@example.ru>` or the address alone; undefined for anything else. */
export function mailbox(text: string): { name: string; address: string } | undefined {
  if (/\p{Cc}/u.test(text)) return undefined
  const [, quoted, plain, inside, alone] =
    /^(?:(?:"([^"<>]*)"|([^"<>@]*?))\s*<([^<>\s]+)>|([^<>\s]+))$/u.exec(text.trim()) ?? []
  const address = inside ?? alone ?? ''
  if (address.length > 254 || !SENDER.test(address)) return undefined
  return { name: (quoted ?? plain ?? '').trim(), address }
}

/** As above, and names of machines without a dot: a letter from `localhost` is read on this very machine. */
const SENDER =
  /^[^\s@<>,;:"()[\]\\\p{Cc}]+@[^\s@<>,;:"()[\]\\\p{Cc}.]+(\.[^\s@<>,;:"()[\]\\\p{Cc}.]+)*$/u
