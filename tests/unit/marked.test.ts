import { expect, test } from 'vitest'
import { instructionParts } from '../../app/web/kit/instructions.ts'

const URI = 'https://shop.example.ru/vk/callback'

test('names between backticks are code, the rest is plain', () => {
  expect(instructionParts('Впишите `VK_CLIENT_ID` и `VK_CLIENT_SECRET`.', URI)).toEqual([
    { text: 'Впишите ', kind: 'plain' },
    { text: 'VK_CLIENT_ID', kind: 'code' },
    { text: ' и ', kind: 'plain' },
    { text: 'VK_CLIENT_SECRET', kind: 'code' },
    { text: '.', kind: 'plain' },
  ])
})

test('the redirect URI is filled in where it is asked for, to be copied', () => {
  expect(instructionParts('Укажите адрес возврата: {redirectUri}', URI)).toEqual([
    { text: 'Укажите адрес возврата: ', kind: 'plain' },
    { text: URI, kind: 'copy' },
  ])
})

test('an instruction without marks is one piece', () => {
  expect(instructionParts('Создайте приложение.', URI)).toEqual([
    { text: 'Создайте приложение.', kind: 'plain' },
  ])
  expect(instructionParts('', URI)).toEqual([])
})

test('a backtick without its pair, and another gap, stay as they are', () => {
  expect(instructionParts('a ` b {other}', URI)).toEqual([{ text: 'a ` b {other}', kind: 'plain' }])
})

test('nothing is made of the address itself', () => {
  expect(instructionParts('{redirectUri}', '`{redirectUri}`<b>')).toEqual([
    { text: '`{redirectUri}`<b>', kind: 'copy' },
  ])
})
