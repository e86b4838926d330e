/** One spelling for one address: `Marina@Example.RU ` and `marina@example.ru` are the same person. */
export const canonicalEmail = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

/** Whether a canonical address is fit to be kept: nothing that a letter's header would read as another one, or as two. */
export const isEmail = (text: string): boolean => text.length <= 254 && ADDRESS.test(text)

const ADDRESS =
  /^[^\s@<>,;:"()[\]\\\p{Cc}]+@[^\s@<>,;:"()[\]\\\p{Cc}.]+(\.[^\s@<>,;:"()[\]\\\p{Cc}.]+)+$/u
