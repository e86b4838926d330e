import { existsSync } from 'node:fs'

/** As a test machine wants it: nothing fetched, nothing remembered, also as root. */
export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** `CHROME_PATH`, the distribution's Chromium, or the one from npm. Rejects with a line that says what to install. */
export async function findChromium(): Promise<string> {
  const installed = [process.env.CHROME_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome']
  const found = installed.find((file) => file && existsSync(file))
  if (found) return found
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    return await chromium.executablePath()
  } catch {
    throw new Error(
      'No browser for the tests. Install one: apt-get install -y chromium, or set CHROME_PATH.',
    )
  }
}
