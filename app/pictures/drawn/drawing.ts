/** What a drawn card says, and in which of the {@link TONES}. */
export interface Drawing {
  title: string
  unit: string
  group?: string
  tone: number
}

/** Another look of all drawn cards has another number, so that they are drawn anew. */
export const EDITION = 1

/** Grounds of drawn cards: white reads well on each, and neighbours are told apart in a list. */
export const TONES = [
  '#1f4d8f', '#7a2e63', '#1d6150', '#8a3a1f', '#4a3a8c', '#5c4a16',
  '#94293d', '#155c73', '#3f5a1e', '#6b3f8f', '#7a4420', '#34495e',
] as const // prettier-ignore
