import type { Letter } from '../../http/mail.ts'
import { type Addressee, letter, type Place } from './letter.ts'

/** To whoever asked for a new password; `link` is good for an hour. */
export function resetLetter(to: Addressee, link: string): Letter {
  return letter(to, 'Новый пароль для EvoSync', [
    'Вы или кто-то другой попросили сменить пароль. Чтобы придумать новый, откройте ссылку:',
    link,
    'Ссылка действует час и срабатывает один раз. Если вы её не просили, ничего делать не нужно: пароль не изменится.',
  ])
}

/** Whoever did not change it themselves has to learn of it. */
export function passwordChangedLetter({ baseUrl }: Place, to: Addressee, ways = ''): Letter {
  return letter(to, 'Пароль в EvoSync изменён', [
    'Пароль вашего аккаунта изменён, остальные сеансы завершены, токены программ удалены.',
    ways &&
      `Без пароля в него по-прежнему можно войти через ${ways}. Если какой-то из этих способов не ваш, отвяжите его: ${baseUrl}/account#ways`,
    `Если это были не вы, сразу запросите новый пароль: ${baseUrl}/forgot`,
  ])
}

/** A new way in is as good as a password: its owner has to learn of it, too. */
export function linkedLetter({ baseUrl }: Place, to: Addressee, title: string): Letter {
  return letter(to, `Новый способ входа в EvoSync: ${title}`, [
    `В ваш аккаунт теперь можно войти через ${title}.`,
    `Если это сделали не вы, отвяжите его и смените пароль: ${baseUrl}/account`,
  ])
}

/** To whoever an administrator lets in; `link` is good for a week. */
export function invitationLetter(to: Addressee, link: string): Letter {
  return letter(to, 'Приглашение в EvoSync', [
    'Вас пригласили в EvoSync: он переносит товары из кассы в магазин и следит, чтобы они не разошлись. Чтобы завести аккаунт и придумать пароль, откройте ссылку:',
    link,
    'Ссылка действует неделю и срабатывает один раз. Если вы никого об этом не просили, ничего делать не нужно.',
  ])
}

/** An administrator asked whether letters arrive. */
export function trialLetter({ baseUrl }: Place, to: Addressee): Letter {
  return letter(to, 'Проверка почты EvoSync', [
    'Это письмо вы попросили сами. Раз оно дошло, почта EvoSync работает.',
    `Состояние: ${baseUrl}/admin/health`,
  ])
}

/** To the address that was the person's until now. */
export function emailChangedLetter({ baseUrl }: Place, to: Addressee): Letter {
  return letter(to, 'Почта в EvoSync изменена', [
    'В вашем аккаунте теперь указан другой адрес почты, на этот письма больше не придут.',
    `Если это были не вы, напишите администратору, который установил EvoSync: ${baseUrl}`,
  ])
}
