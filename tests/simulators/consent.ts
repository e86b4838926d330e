import type { Response } from 'express'

/** What a consent page shows: the platform's name, who may consent, what is asked for. */
export interface Consent {
  platform: string
  /** Where the form goes; the pending request is named in a hidden field. */
  action: string
  request: string
  accounts: { id: string; name: string }[]
  rights: { name: string; title: string }[]
}

/** A page a person has to click: cookies that only survive a redirect by itself do not pass here. */
export function showConsent(
  res: Response,
  { platform, action, request, accounts, rights }: Consent,
) {
  const people = accounts.map(
    ({ id, name }, index) =>
      `<p><label><input type="radio" name="account" value="${id}"${index === 0 ? ' checked' : ''}> ${name}</label></p>`,
  )
  const asked = rights.map(
    ({ name, title }) =>
      `<p><label><input type="checkbox" name="right_${name}" checked> ${title}</label></p>`,
  )
  res.type('html').send(`<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${platform}: вход</title><style>
body{font:16px/1.5 system-ui,sans-serif;background:#edeef0;margin:0;display:grid;min-height:100vh;place-items:center}
main{background:#fff;border-radius:16px;padding:24px;max-width:26rem;width:calc(100% - 32px);box-sizing:border-box}
h1{font-size:1.25rem;margin:0 0 8px}p{margin:8px 0}fieldset{border:1px solid #ccd;border-radius:10px;margin:12px 0}
button{font:inherit;padding:10px 16px;border-radius:8px;border:1px solid #345;background:#fff;cursor:pointer;margin-right:8px}
button[value=allow]{background:#2d5f8a;color:#fff}small{color:#566}
</style></head><body><main>
<h1>${platform}</h1><p>EvoSync просит доступ к вашему аккаунту.</p>
<form method="post" action="${action}"><input type="hidden" name="request" value="${request}">
<fieldset><legend>Аккаунт</legend>${people.join('')}</fieldset>
<fieldset><legend>Доступ</legend>${asked.join('') || '<p>Как указано в приложении</p>'}</fieldset>
<button name="decision" value="allow">Разрешить</button><button name="decision" value="refuse">Отменить</button>
</form><p><small>Это учебная копия сайта: настоящий аккаунт не нужен.</small></p>
</main></body></html>`)
}
