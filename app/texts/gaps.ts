/** Names of the gaps in some words: `'{p} {n}'` has `p` and `n`. */
export type GapsIn<Words extends string> = Words extends `${string}{${infer Gap}}${infer Rest}`
  ? Gap | GapsIn<Rest>
  : never

/** All gaps of a text, or of each of several. */
export type GapsOf<Of extends Record<'title' | 'why' | 'what', string>> = GapsIn<
  Of['title' | 'why' | 'what']
>

/**
 * Gaps for the platform a text is about: its title (`P` and `p` differ where nobody is named), whose, to whom, where, and
 * `{отвечает|отвечают}`, one word in two numbers, of which the title takes the first or the second.
 */
export type NameGap =
  'P' | 'p' | 'ofP' | 'toP' | 'inP' | 'InP' | 'shortP' | LimitGap | `${string}|${string}`

/** What the platform's cards can hold, with its noun, as it stands after «от», «до», «короче»: `4 символов`; `400 × 400 пикселей`. */
export type LimitGap = 'titleLeast' | 'titleMost' | 'descriptionLeast' | 'photoLeast'

/** Words with their gaps filled in; an unknown one stays as it is. */
export const fill = (
  words: string,
  values: Readonly<Record<string, unknown>>,
  many = false,
): string =>
  words.replace(/\{([^{}]+)\}/g, (all, gap: string) => {
    const [one, other] = gap.split('|')
    const value = other === undefined ? values[gap] : many ? other : one
    return typeof value === 'string' ? value : all
  })
