import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ejs from 'ejs'
import { parse } from 'node-html-parser'
import { describe, expect, test } from 'vitest'
import { createProviders } from '../../../app/providers/index.ts'
import { createFormat } from '../../../app/web/kit/format.ts'
import { BADGES } from '../../../app/web/kit/state.ts'
import { load } from '../settings.ts'
import { named } from '../../../app/texts/names.ts'

// The connection plan's texts, byte for byte (docs/platforms/vk.md#the-connection-plan).
const INTRO =
  'Подключите ваш аккаунт ВКонтакте, чтобы система могла автоматически синхронизировать каталог товаров из Эвотор в вашу группу ВКонтакте.'
const VIEWS = path.join(import.meta.dirname, '../../../views')
const NOW = new Date(Date.UTC(2026, 10, 20, 11, 32))

const provider = createProviders(load({ VK_CLIENT_ID: '51', VK_CLIENT_SECRET: 's' })).get('vk')

test('title, icon and address are those of the plan', () => {
  expect(provider).toMatchObject({
    key: 'vk',
    title: 'ВКонтакте',
    icon: 'bi-chat-dots',
    redirectUri: 'http://localhost:3000/vk/callback',
  })
})

test('the sentence that explains is that of the plan', () => {
  expect(provider.words.intro).toBe(INTRO)
})

test('the badge of a connection that works is that of the plan, and green', () => {
  expect(BADGES.ok).toMatchObject({ word: 'Подключено', tone: 'success' })
})

describe('the page, not connected', () => {
  const data = { provider, rights: provider.scopes, connectHref: '/vk/connect' }
  const page = render('providers/_off.ejs', data)

  test('holds the sentence as it is', () => {
    expect(page.querySelector('p')?.text).toBe(INTRO)
  })

  test('holds three points: over there, all by itself, off at any time', () => {
    const points = page.querySelectorAll('.panel:first-child ul li').map(({ text }) => text)

    expect(points).toEqual([
      expect.stringContaining('перейдёте на сайт ВКонтакте'),
      expect.stringContaining('автоматически'),
      expect.stringContaining('в любой момент'),
    ])
  })

  test('holds the button «Подключить ВКонтакте»', () => {
    const button = page.querySelector('a.btn-primary')

    expect(button?.text).toBe('Подключить ВКонтакте')
  })
})

describe('the page, connected', () => {
  const account = { id: '777', name: 'Анна Лавкина', profile: {} }
  const page = render('providers/_connected.ejs', {
    connectHref: '/vk/connect',
    reconnectable: true,
    provider,
    connection: { connectedAt: NOW, isOnline: true, account },
    facts: provider.words.facts(account),
    rights: provider.scopes,
    format: createFormat('Europe/Moscow'),
    now: NOW,
    csrf: 'token',
    notice: undefined,
    table: undefined,
    carried: undefined,
    confirmedAt: undefined,
    strip: { bars: [], from: NOW, sentence: '' },
  })

  test('holds the person’s name, and the id in monospace', () => {
    expect(page.querySelectorAll('dd').map(({ text }) => text)).toContain('Анна Лавкина')
    expect(page.querySelector('dd code')?.text).toBe('777')
  })

  test('holds the link «Переподключить»', () => {
    expect(page.querySelector('a[href="/vk/connect"]')?.text).toBe('Переподключить')
  })

  test('holds the button «Отключить аккаунт ВКонтакте», which posts', () => {
    const form = page.querySelector('form[action="/vk/disconnect"]')

    expect(form?.getAttribute('method')).toBe('post')
    expect(form?.querySelector('button')?.text).toBe('Отключить аккаунт ВКонтакте')
  })
})

test('the way back is called «Вернуться к подключениям»', () => {
  const page = render('providers/_head.ejs', { about: provider, badge: BADGES.ok })

  expect(page.querySelector('a[href="/connections"]')?.text).toBe('Вернуться к подключениям')
  expect(page.querySelector('h1')?.text).toBe('ВКонтакте')
  expect(page.querySelector('.badge')?.text).toBe('Подключено')
  expect(page.querySelector('.bi-chat-dots')).not.toBeNull()
})

test.each(['Подключено', 'Переподключить', 'Вернуться к подключениям'])(
  'the views hold «%s» with nothing odd in it',
  (words) => {
    const texts = viewsIn('')

    expect(texts.some((text) => text.includes(words))).toBe(true)
  },
)

test('no typographer has been at the pages of platforms: their spaces are plain', () => {
  const texts = ['providers', 'connections', 'shared'].flatMap(viewsIn)

  expect(texts.length).toBeGreaterThan(15)
  for (const text of [...texts, JSON.stringify(provider.words)]) {
    expect(text).not.toMatch(/[\u00a0\u202f\u2009\u200b\u00ad]|&(nbsp|#160|#xa0|thinsp|shy);/i)
  }
})

function render(view: string, data: object) {
  const filename = path.join(VIEWS, view)
  return parse(
    ejs.render(
      readFileSync(filename, 'utf8'),
      { named, icon: (name: string) => `<svg class="bi ${name}"></svg>`, ...data },
      { filename },
    ),
  )
}

function viewsIn(folder: string): string[] {
  const files = readdirSync(path.join(VIEWS, folder), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ejs'))
    .map((file) => readFileSync(path.join(VIEWS, folder, file), 'utf8'))
}
