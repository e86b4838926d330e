import { describe, expect, test } from 'vitest'
import { platforms } from '../../../app/providers/index.ts'
import { inWords, readSources, readTexts, type Sources, withoutComments } from './sources.ts'

/** All that people and browsers are given, and the code that gives it: a platform is named by its own folder only. */
const shared: Sources = new Map([
  ...readSources('app'),
  ...readTexts(/\.(ejs|js|css|svg|html)$/, 'views', 'public'),
])

test('shared code and shared views name no platform', () => {
  expect(shared.size).toBeGreaterThan(300)
  expect(namesIn(shared)).toEqual([...EXCEPT])
})

describe('the checker itself', () => {
  test.each([
    `if (key === 'vk') connect()`,
    'const address = `https://${host}/vk/callback`',
    `const vkToken = ''`,
    `interface VkSettings {}`,
    `const VK_CLIENT_ID = 1`,
    `if (/evotor/.test(key)) connect()`,
    `class Till { #evotor = 1 }`,
    `const why = 'Товары во ВКонтакте останутся'`,
    `const why = 'Карточка ВК'`,
    `const what = 'На сайте Эвотора'`,
    `const what = 'с Эвотором'`,
    'const title = `Каталог ${name} в Яндексе`',
    `const title = 'Вход через Google'`,
    `const title = 'GitHub'`,
    `const title = 'Google Search Console'`,
    `const title = 'WordPress.com'`,
    `if (link.target === 'ok') connect()`,
    `const shop = providers.target('ok')`,
    `const href = '/ok/connect'`,
    `const OK_CLIENT_ID = 1`,
    `const why = 'Одноклассники не принимают товар'`,
    `const why = 'Доступ к Одноклассникам'`,
  ])('«%s» names a platform', (line) => {
    expect(namesIn(new Map([['app/flows/connections/connect.ts', line]]))).toHaveLength(1)
    expect(namesIn(new Map([['app/providers/vk/index.ts', line]]))).toEqual([])
  })

  test.each([
    `<h1>Что изменится во ВКонтакте</h1>`,
    `<a href="/vk">Открыть</a>`,
    `<img alt="Эвотор">`,
    `<%# the card as VK shows it %>`,
    `<% if (key === 'evotor') { %>`,
    `<a href="/ok/connect">Подключить</a>`,
    `.tile-shopee { color: red }`,
  ])('«%s» of a view names a platform, be it in a comment', (line) => {
    expect(namesIn(new Map([['views/sync/index.ejs', line]]))).toHaveLength(1)
    expect(namesIn(new Map([['public/app.css', line]]))).toHaveLength(1)
  })

  test.each([
    `/** VK answers 200. */ const vkusno = 1 // evotor`,
    `// docs/platforms/vk.md\nconst вкус = 1`,
    `const tone = 'ok' as const; if (response.ok) say({ tone: 'ok', state: 'ok' })`,
    `const words = 'Вклад, ставка, завтра' + 'bingo' + 'wixel'`,
    `const icon = 'bi-ok'`,
  ])('«%s» names none: a comment of code may, and a longer word is another word', (line) => {
    expect(namesIn(new Map([['app/flows/connections/connect.ts', line]]))).toEqual([])
  })

  test('every platform of the list is known by its key and by its title', () => {
    for (const { key, title } of ours) {
      const said = `const title = '${title}'`
      expect(namesIn(new Map([['app/web/page.ts', said]])), title).not.toEqual([])
      const asked = `const one = providers.get('${key}')`
      expect(namesIn(new Map([['app/web/page.ts', asked]])), key).not.toEqual([])
    }
  })
})

const ours = platforms.map(({ key, create }) => ({
  key,
  title: create({}, 'http://localhost:3000').title,
}))

/** What else people call them; a new platform is known by its key and title without a line here. */
const ALSO = [
  ...['вк', 'вконтакте', 'vkontakte', 'evotor', 'эвотор', 'одноклассники', 'odnoklassniki'],
  ...['фейсбук', 'вордпресс', 'гугл', 'дискорд', 'спотифай', 'гитхаб', 'яндекс'],
]

/** «ok» is also what an answer is, and a tone: as a platform it stands in an address, before a variable's name, or is asked for. */
const ORDINARY: Readonly<Record<string, RegExp>> = {
  ok: /(?<![\w./])\/ok(?![\w-])|\bOK_[A-Z]|\b(key|provider|platform|source|target)\W{1,6}'ok'|\.(get|find)\('ok'\)/,
}

/** What is no platform's name where it stands. */
const EXCEPT: readonly string[] = [
  'app/crypto/guessable.ts: vkontakte', // people take it for a password, whomever we speak to
  'public/bootstrap.css: github', // where its license stands
]

/** Every spelling of every platform, longest first; a title counts by its first word, since «Search Console» are words. */
const NAMES = [
  ...new Set([
    ...ours.flatMap(({ key, title }) => [key, title.toLowerCase().split(/[^\p{L}\d]+/u)[0] ?? '']),
    ...ALSO,
  ]),
].filter((name) => !(name in ORDINARY))

/** One word, and a Russian one of some length in all its cases: `эвотор` is in «с Эвотором». */
function patternOf(name: string): RegExp {
  const stem = /^[а-яё]{5,}$/.test(name) ? `${name.replace(/[аеиыя]$/, '')}[а-яё]{0,3}` : name
  return new RegExp(`(?<![\\p{L}\\d])${stem}(?![\\p{L}\\d])`, 'u')
}

const PATTERNS = NAMES.map((name) => ({ name, pattern: patternOf(name) }))

/** `file: name` for each file outside the platforms' own folder, the first name found. */
function namesIn(files: Sources): string[] {
  return [...files].flatMap(([file, text]) => {
    if (file.startsWith('app/providers/')) return []
    const said = /\.[cm]?[jt]s$/.test(file) ? withoutComments(file, text) : text
    const words = `${inWords(said)}\n${said.toLowerCase()}`
    const named = PATTERNS.find(({ pattern }) => pattern.test(words))?.name
    const plain = Object.entries(ORDINARY).find(([, pattern]) => pattern.test(text))?.[0]
    const found = named ?? plain
    return found === undefined ? [] : [`${file}: ${found}`]
  })
}
