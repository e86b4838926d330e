import { type Browser, formOf, type Page } from '../browser.ts'

/** Sends files by the form of a page, as a browser does, and opens the page that follows. */
export async function sendFiles(
  browser: Browser,
  page: Page,
  action: string,
  files: readonly { name: string; bytes: Uint8Array }[],
): Promise<Page> {
  const form = new FormData()
  for (const [name, value] of Object.entries(formOf(page, action))) form.set(name, value)
  form.delete('camera')
  form.delete('files')
  for (const { name, bytes } of files) form.append('files', new Blob([new Uint8Array(bytes)]), name)
  const body = new Response(form)
  const answer = await browser.send('POST', action, new Uint8Array(await body.arrayBuffer()), {
    origin: browser.base,
    'sec-fetch-site': 'same-origin',
    'content-type': body.headers.get('content-type') ?? '',
  })
  return answer.location ? await browser.get(answer.location) : answer
}
