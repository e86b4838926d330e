/** Gaps in some words, but for `{отвечает|отвечают}`, which every name fills. */
export const gapsIn = (words: string): string[] =>
  [...words.matchAll(/\{([^}]*)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !/^[а-яё]+\|[а-яё]+$/.test(name))

/** Gaps that a platform's name fills. */
export const NAME_GAPS = ['P', 'p', 'ofP', 'toP', 'inP', 'InP', 'shortP']

/** Filled with the limits of the target that a text is about. */
export const LIMIT_GAPS = ['titleLeast', 'titleMost', 'descriptionLeast', 'photoLeast']
