import type { Express } from 'express'
import { addPanel } from '../panel.ts'
import type { Vk } from '../vk.ts'

/** The bad days of a ВКонтакте, and its communities to look at. */
export function addVkPanel(app: Express, vk: Vk) {
  addPanel(
    app,
    'ВКонтакте',
    {
      'Отозвать доступ EvoSync': () => {
        for (const { id } of vk.users) vk.revoke(id)
      },
      'Перестать отвечать': () => {
        vk.fault('/method/users.get', { status: 503 })
      },
      'Снова отвечать': () => {
        vk.mend()
        vk.calm()
      },
      'Просить капчу': () => {
        for (const method of ['market.add', 'market.edit', 'execute'])
          vk.refuse(method, { code: 14 })
      },
      'Включить контроль флуда': () => {
        vk.refuse('market.add', { code: 9 })
      },
      'Выключить товары в сообществе': () => {
        vk.marketOff()
      },
      'Включить товары в сообществе': () => {
        vk.marketOn()
      },
    },
    pagesOf(vk),
  )
}

const pagesOf = ({ communities }: Vk) =>
  Object.fromEntries(
    [...communities.values()].map(({ id, name }) => [`Товары: ${name}`, `/shop/${id}`]),
  )
