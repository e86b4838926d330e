/** Golos Text (SIL OFL 1.1) in parts by alphabet; a browser takes those a page has letters of. */
export const FONTS = [
  'golos-text-cyrillic-wght-normal.woff2',
  'golos-text-latin-wght-normal.woff2',
  'golos-text-latin-ext-wght-normal.woff2',
] as const
