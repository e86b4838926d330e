import { describe, expect, test } from 'vitest'
import { startMailbox } from '../../support/mailbox.ts'
import { EVOTOR, PLATFORMS, VK } from '../../support/platforms.ts'
import { openConnectedScene } from '../../support/stage.ts'
import { tick } from '../../support/tick.ts'

describe.each(PLATFORMS)('Letters about $name', (platform) => {
  test('one when the grant is revoked, however often it is checked, one when it is an outage that ends', async () => {
    const mailbox = await startMailbox()
    const { app, stage } = await openConnectedScene(platform, { env: { SMTP_URL: mailbox.url } })
    stage.simulator.fault(stage.probePath, { status: 503, body: '' })
    for (let n = 0; n < 3; n += 1) await tick(app)
    stage.simulator.mend()
    await tick(app)

    expect((await mailbox.letter(1)).subject).toBe(`${stage.title} временно не отвечает`)
    expect((await mailbox.letter(2)).subject).toBe(`${stage.title} снова на связи`)

    stage.revoke()
    stage.simulator.fault(stage.tokenPath, { status: 400, body: '{"error":"invalid_grant"}' })
    for (let n = 0; n < 3; n += 1) await tick(app)
    const { to, subject, text } = await mailbox.letter(3)
    expect(to).toBe('marina@example.ru')
    expect(subject).toBe(`${stage.title} больше не даёт доступ`)
    expect(text).toContain(`${app.url}/${stage.key}`)
    expect(text).not.toMatch(/[{}]/)
    expect(mailbox.letters).toHaveLength(3)
  })
})

test('an outage of an access that ends soon is over when it is over, and its end is told after that', async () => {
  const mailbox = await startMailbox()
  const { app, stage } = await openConnectedScene(VK, { env: { SMTP_URL: mailbox.url } })
  const soon = new Date(Date.now() + 3 * 24 * 3600_000)
  await app.ctx.db('connections').update({ expires_at: soon })
  stage.simulator.fault(stage.probePath, { status: 503, body: '' })
  for (let n = 0; n < 2; n += 1) await tick(app)
  stage.simulator.mend()

  for (let n = 0; n < 2; n += 1) await tick(app)

  await mailbox.letter(3)
  expect(mailbox.letters.map(({ subject }) => subject).sort()).toEqual([
    'ВКонтакте временно не отвечает',
    'ВКонтакте снова на связи',
    'ВКонтакте: доступ скоро закончится',
  ])
})

test('what only an administrator can mend is told to the administrator, once', async () => {
  const mailbox = await startMailbox()
  const { app, browser, stage } = await openConnectedScene(EVOTOR, {
    env: { SMTP_URL: mailbox.url },
  })
  const owner = app.newBrowser()
  await owner.register({ email: 'oleg@example.ru' })
  await owner.connect(stage.key)
  stage.simulator.fault(stage.probePath, { status: 406, body: '' })

  for (let n = 0; n < 3; n += 1) await tick(app)

  await mailbox.letter(3)
  const subjects = mailbox.letters.map(({ to, subject }) => `${to}: ${subject}`).sort()
  expect(subjects).toEqual([
    'marina@example.ru: Эвотор не принимает запросы EvoSync',
    'marina@example.ru: Эвотор не принимает запросы EvoSync',
    'oleg@example.ru: Эвотор не принимает запросы EvoSync',
  ])
  const page = await browser.get('/evotor')
  expect(page.text).toContain('дело в настройках приложения, а не в вашем аккаунте')
  expect(page.text).toContain('provider_refused')
})
