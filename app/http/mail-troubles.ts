/** Why a mail server takes no letters, in words an administrator can act on; `code` is short and no secret. */
export interface MailTrouble {
  code: string
  words: string
}

/** By nodemailer's codes, and those of Node's TLS and sockets. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /CERT|SIGNED|ISSUER|ALTNAME|LEAF/,
    'Сертификату почтового сервера мы не доверяем. Укажите в SMTP_URL имя, на которое он выдан, а свой центр сертификации добавьте переменной NODE_EXTRA_CA_CERTS.',
  ],
  [/EAUTH|ENOAUTH/, 'Почтовый сервер не принимает имя или пароль. Проверьте их в SMTP_URL.'],
  [
    /ETLS|ESOCKET|SSL/,
    'Защищённое соединение с почтовым сервером не установлено. Проверьте порт и схему в SMTP_URL: smtps:// для порта 465, smtp:// для 587 и 25.',
  ],
  [
    /EENVELOPE|EMESSAGE/,
    'Почтовый сервер не принимает адрес отправителя или получателя. Проверьте MAIL_FROM.',
  ],
  [/EDNS|ENOTFOUND|EAI_AGAIN/, 'Имя почтового сервера не найдено. Проверьте SMTP_URL.'],
]
const SILENT =
  'Почтовый сервер не отвечает. Проверьте адрес и порт в SMTP_URL и выход сервера EvoSync в сеть.'

/** What became of a letter or of a trial. */
export function troubleOf(error: unknown): MailTrouble {
  const codes = codesIn(error)
  const said = codes.join(' ')
  const words = WORDS.find(([pattern]) => pattern.test(said))?.[1] ?? SILENT
  return { code: codes[0] ?? 'EUNKNOWN', words }
}

/** TLS says which fault it is in the cause's code, or in words alone. */
function codesIn(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const { code, cause, message } = error as Error & { code?: unknown }
  const own = typeof code === 'string' ? [code] : []
  const certificate = /certificate/i.test(message) ? ['CERT'] : []
  const away =
    /ECONNREFUSED|ETIMEDOUT|ECONNRESET|timed? ?out/i.test(message) && own[0] === 'ESOCKET'
  return [...certificate, ...(away ? ['ECONNECTION'] : own), ...codesIn(cause)]
}
