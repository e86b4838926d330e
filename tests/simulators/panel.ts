import type { Express } from 'express'

/** Buttons by which a person at the demo spoils the platform's day and mends it, and links to more, by their words. */
export function addPanel(
  app: Express,
  platform: string,
  actions: Record<string, () => void>,
  links: Record<string, string> = {},
) {
  app.get('/', (req, res) => {
    const done =
      typeof req.query.done === 'string'
        ? `<p role="status">Готово: ${escape(req.query.done)}.</p>`
        : ''
    const buttons = Object.keys(actions).map(
      (name) => `<p><button name="do" value="${name}">${name}</button></p>`,
    )
    const more = Object.entries(links).map(
      ([name, address]) => `<p><a href="${address}">${name}</a></p>`,
    )
    res.type('html')
      .send(`<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>${platform}: пульт</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 16px}button{font:inherit;padding:10px 16px}</style>
</head><body><h1>${platform}: учебная копия</h1>${more.join('')}<p>Здесь можно испортить день и посмотреть, что скажет EvoSync.</p>
${done}<form method="post" action="/panel">${buttons.join('')}</form></body></html>`)
  })
  app.post('/panel', (req, res) => {
    const name = String((req.body as Record<string, unknown>).do)
    actions[name]?.()
    res.redirect(303, `/?done=${encodeURIComponent(name)}`)
  })
}

const escape = (text: string) => text.replace(/[<>&"]/g, '')
