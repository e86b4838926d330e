const plurals = new Intl.PluralRules('ru-RU')

/** `plural(21, 'минуту', 'минуты', 'минут')` → `минуту`; fractions take the second form. */
export function plural(count: number, one: string, few: string, many: string): string {
  const rule = plurals.select(count)
  if (rule === 'one') return one
  return rule === 'many' ? many : few
}

/** The number with its word: `5 минут`. */
export function counted(count: number, one: string, few: string, many: string): string {
  return `${count} ${plural(count, one, few, many)}`
}
