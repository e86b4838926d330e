const REGIONS = new Intl.DisplayNames('ru', { type: 'region' })

/** `SG` is «Сингапур»; what is no country stays as it is. */
export function regionInWords(region = ''): string {
  return /^[A-Z]{2}$/.test(region) ? (REGIONS.of(region) ?? region) : region
}
