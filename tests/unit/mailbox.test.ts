import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../app/config/index.ts'
import { mailbox } from '../../app/texts/emails.ts'
import { troubleOf } from '../../app/http/mail-troubles.ts'
import { freshSecrets } from '../../app/config/secrets.ts'

describe('MAIL_FROM', () => {
  test.each([
    ['shop@example.ru', '', 'shop@example.ru'],
    ['EvoSync <shop@example.ru>', 'EvoSync', 'shop@example.ru'],
    ['Лавка у моста <shop@example.ru>', 'Лавка у моста', 'shop@example.ru'],
    ['Лавка, ООО <shop@example.ru>', 'Лавка, ООО', 'shop@example.ru'],
    ['"Лавка, Тверь" <shop@example.ru>', 'Лавка, Тверь', 'shop@example.ru'],
    ['<shop@example.ru>', '', 'shop@example.ru'],
    ['EvoSync <no-reply@localhost>', 'EvoSync', 'no-reply@localhost'],
    ['shop@почта.рф', '', 'shop@почта.рф'],
  ])('may be %s', (text, name, address) => {
    expect(mailbox(text)).toEqual({ name, address })
    expect(load(text).smtp?.from).toBe(text)
  })

  test.each([
    'EvoSync',
    'shop@',
    '@example.ru',
    'shop@example.ru, other@example.ru',
    'EvoSync <shop@example.ru',
    'EvoSync shop@example.ru>',
    'EvoSync <shop@example.ru> <other@example.ru>',
    'EvoSync <shop@exa mple.ru>',
    'EvoSync\r\nBcc: all@example.ru <shop@example.ru>',
    'shop@example.ru\nBcc: all@example.ru',
    'EvoSync <shop@example..ru>',
  ])('may not be %j', (text) => {
    expect(() => load(text)).toThrow(/MAIL_FROM: нужен адрес/)
  })
})

describe('What is wrong with a mail server', () => {
  test.each([
    [coded('self-signed certificate', 'ESOCKET'), 'NODE_EXTRA_CA_CERTS'],
    [coded('Hostname does not match certificate', 'ESOCKET'), 'NODE_EXTRA_CA_CERTS'],
    [coded('Invalid login', 'EAUTH'), 'имя или пароль'],
    [coded('connect ECONNREFUSED 127.0.0.1:25', 'ESOCKET'), 'не отвечает'],
    [coded('Connection timeout', 'ETIMEDOUT'), 'не отвечает'],
    [coded('wrong version number', 'ESOCKET'), 'порт и схему'],
    [coded('getaddrinfo ENOTFOUND mail', 'EDNS'), 'не найдено'],
    [coded('Sender refused', 'EENVELOPE'), 'MAIL_FROM'],
    [new Error('mail timed out'), 'не отвечает'],
    ['no error at all', 'не отвечает'],
  ])('is told with a remedy: %s', (error, words) => {
    expect(troubleOf(error).words).toContain(words)
  })
})

function coded(message: string, code: string) {
  return Object.assign(new Error(message), { code })
}

const load = (MAIL_FROM: string) =>
  loadConfig({ ...freshSecrets(), SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM }, [])
