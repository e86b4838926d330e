import { type HTMLElement, parse } from 'node-html-parser'
import { request } from 'undici'

/** What came back: never followed further by itself. */
export interface Page {
  url: string
  status: number
  location: string
  headers: Record<string, string | string[] | undefined>
  html: string
  /** What a person reads, white space folded. */
  text: string
  dom: HTMLElement
}

/** How a person answers a consent page. */
export interface Decision {
  decision?: 'allow' | 'refuse'
  /** The account to consent with; the first one on the page if left out. */
  account?: string | number
  /** Rights to untick. */
  without?: string[]
}

export const PERSON = {
  name: 'Анна Лавочкина',
  email: 'marina@example.ru',
  password: 'buket-utro-2490',
}

/** A browser without scripts: cookies, forms as they stand on the page, no redirects on its own. */
export class Browser {
  readonly base: string
  readonly cookies = new Map<string, string>()
  /** Sent with every request, such as X-Forwarded-For. */
  headers: Record<string, string> = {}

  constructor(base: string) {
    this.base = base
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return await this.send('GET', path, undefined, headers)
  }

  async post(
    path: string,
    fields: Record<string, string> | URLSearchParams,
    headers: Record<string, string> = {},
  ): Promise<Page> {
    const body = new URLSearchParams(fields).toString()
    const origin = { origin: this.base, 'sec-fetch-site': 'same-origin' }
    return await this.send('POST', path, body, { ...origin, ...headers })
  }

  /** Follows redirects of our own until a page comes. */
  async open(path: string): Promise<Page> {
    let page = await this.get(path)
    for (let hops = 0; page.location && hops < 5; hops += 1) page = await this.get(page.location)
    return page
  }

  /** Fills in and sends the form of a page that goes to `action`; `fields` replace what stands in it. */
  async submit(page: Page, action: string, fields: Record<string, string> = {}): Promise<Page> {
    return await this.post(action, { ...formOf(page, action), ...fields })
  }

  async register(person: Partial<typeof PERSON> = {}): Promise<Page> {
    const page = await this.get('/register')
    return await this.submit(page, '/register', { ...PERSON, ...person, consent: 'on' })
  }

  async signIn(person: Partial<typeof PERSON> = {}): Promise<Page> {
    const { email, password } = { ...PERSON, ...person }
    return await this.submit(await this.get('/login'), '/login', { email, password })
  }

  /** Goes to a platform and answers its page; gives the address the platform sends the person back to. */
  async consent(path: string, decision: Decision = {}): Promise<string> {
    const start = await this.get(path)
    if (!start.location) throw new Error(`${path} leads nowhere: ${start.status} ${start.text}`)
    return await answerConsent(start.location, decision)
  }

  /** The whole way: our link, the platform's page, our callback. */
  async connect(key: string, decision: Decision = {}): Promise<Page> {
    return await this.get(await this.consent(`/${key}/connect`, decision))
  }

  async send(
    method: 'GET' | 'POST',
    path: string,
    body?: string | Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Page> {
    const url = new URL(path, this.base)
    const { origin, ...rest } = headers
    const answer = await request(url, {
      method,
      headers: {
        'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/150.0.0.0 Safari/537.36',
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(origin && { origin }),
        ...this.headers,
        ...rest,
      },
      body: body ?? null,
    })
    this.#keep(answer.headers['set-cookie'])
    const html = await answer.body.text()
    return pageOf(html, {
      url: url.href,
      status: answer.statusCode,
      location: String(answer.headers.location ?? ''),
      headers: answer.headers,
    })
  }

  #keep(set: string | string[] | undefined) {
    for (const cookie of [set ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (/expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
}

/** Read only when somebody asks: most pages are steps on the way. */
function pageOf(html: string, answer: Omit<Page, 'html' | 'text' | 'dom'>): Page {
  let dom: HTMLElement | undefined
  let text: string | undefined
  return {
    ...answer,
    html,
    get text() {
      return (text ??= readable(html))
    },
    get dom() {
      return (dom ??= parse(html))
    },
  }
}

/** What a person reads: blocks apart, words of one line together. */
export function readable(html: string): string {
  const apart = html.replace(/<(?!\/?(?:a|b|strong|code|span|time|i|em|small)\b)/g, ' <')
  return parse(apart)
    .text.replace(/[\s\u00a0]+/g, ' ')
    .trim()
}

/** Fields of the form that goes to `action`, as a browser would send them. */
export function formOf(page: Page, action: string): Record<string, string> {
  const form = page.dom
    .querySelectorAll('form')
    .find(
      (one) =>
        one.getAttribute('action') === action || one.querySelector(`[formaction="${action}"]`),
    )
  if (!form)
    throw new Error(
      `No form to ${action} on ${page.url}: ${page.status} ${page.text.slice(0, 300)}`,
    )
  const fields: Record<string, string> = {}
  for (const input of form.querySelectorAll('input')) {
    const type = input.getAttribute('type')
    const ticked = (type !== 'radio' && type !== 'checkbox') || input.hasAttribute('checked')
    if (ticked) fields[input.getAttribute('name') ?? ''] = input.getAttribute('value') ?? 'on'
  }
  for (const area of form.querySelectorAll('textarea'))
    fields[area.getAttribute('name') ?? ''] = area.text
  for (const select of form.querySelectorAll('select')) {
    fields[select.getAttribute('name') ?? ''] =
      select.querySelector('[selected]')?.getAttribute('value') ?? ''
  }
  return fields
}

/** The page's CSRF token, for a form the page does not have. */
export function csrfOf({ dom }: Page): string {
  return dom.querySelector('input[name=_csrf]')?.getAttribute('value') ?? ''
}

/** Answers a platform's consent page as a person would. */
export async function answerConsent(
  address: string,
  { decision = 'allow', account, without = [] }: Decision = {},
): Promise<string> {
  const platform = new Browser(new URL(address).origin)
  const page = await platform.get(address)
  const action = page.dom.querySelector('form')?.getAttribute('action')
  if (!action) throw new Error(`No consent page at the platform: ${page.status} ${page.text}`)
  const fields = formOf(page, action)
  const left = without.map((right) => `right_${right}`)
  const kept = Object.entries(fields).filter(([name]) => !left.includes(name))
  const back = await platform.post(action, {
    ...Object.fromEntries(kept),
    decision,
    ...(account !== undefined && { account: String(account) }),
  })
  return back.location
}
