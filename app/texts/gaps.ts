/** Names of the gaps in some words: `'{p} {n}'` has `p` and `n`. */
type GapsIn<Words extends string> = Words extends `${string}{${infer Gap}}${infer Rest}`
  ? Gap | GapsIn<Rest>
  : never

/** All gaps of a text, or of each of several. */
export type GapsOf<Of extends Record<'title' | 'why' | 'what', string>> = GapsIn<
  Of['title' | 'why' | 'what']
>

/** What a text with these gaps is said with: a value for each; nothing where it has none. */
export type Filling<Gap extends string, Value = string> = [Gap] extends [never]
  ? []
  : [values: Readonly<Record<Gap, Value>>]
