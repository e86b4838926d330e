import Bowser from 'bowser'

/** `Chrome, Windows`; a browser that says nothing is «Неизвестное устройство». */
export function deviceOf(userAgent: string): string {
  if (!userAgent) return 'Неизвестное устройство'
  const { browser, os, platform } = Bowser.parse(userAgent)
  const device = platform.model ?? os.name
  return [browser.name, device].filter(Boolean).join(', ') || 'Неизвестное устройство'
}
