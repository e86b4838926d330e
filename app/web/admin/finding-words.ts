import type { Finding, FindingCode } from '../../flows/platforms/findings.ts'

/** A line of the trial's report. */
export function findingInWords({ about, code, detail, tone }: Finding) {
  const words = FINDINGS[code]
  const text = typeof words === 'string' ? words : words[about]
  return { title: ABOUT[about], tone, text, detail }
}

const ABOUT: Record<Finding['about'], string> = {
  authorize: 'Адрес авторизации',
  token: 'Адрес выдачи токена',
  userinfo: 'Адрес проверки и профиля',
}

const FINDINGS: Record<FindingCode, string | Record<Finding['about'], string>> = {
  fine: {
    authorize: 'Отвечает: людей можно отправлять сюда.',
    token: 'Отвечает и узнаёт приложение.',
    userinfo: 'Отвечает и не пускает без ключа доступа, как и должен.',
  },
  missing: 'Такой страницы на сервере нет. Проверьте путь в адресе.',
  rejects: {
    authorize:
      'Отвечает, но наш запрос не принимает. Чаще всего в приложении не указан адрес возврата или неверен ID.',
    token: 'Отвечает, но наш запрос не принимает.',
    userinfo:
      'Отвечает, но не так, как отвечают на неверный ключ доступа. Проверьте путь в адресе.',
  },
  wrong_client: 'ID или секрет не подходят. Проверьте и то, как передаётся секрет.',
  no_code_grant: 'Сервер не выдаёт токены по коду авторизации.',
  no_oauth: 'Отвечает, но не так, как сервер OAuth. Проверьте путь в адресе.',
  unprotected:
    'Отвечает и без ключа доступа: по нему не узнать, жив ли доступ. Нужен адрес профиля.',
  address_refused: 'Адрес ведёт во внутреннюю сеть, а туда EvoSync не обращается.',
  redirected:
    'Перенаправляет на другой адрес. Укажите конечный адрес: секреты мы следом не отправляем.',
  tls_error: 'Защищённое соединение не установлено: сертификату сервера мы не доверяем.',
  unreachable: 'Сервер не отвечает. Проверьте имя сервера и порт.',
  odd_answer: 'Отвечает, но прочитать ответ не удалось. Проверьте путь в адресе.',
  no_way_out:
    'Запросы сейчас не уходят с сервера EvoSync, адрес здесь ни при чём. Попробуйте позже.',
  server_error: 'Сервер отвечает ошибкой. Попробуйте позже.',
  rate_limited: 'Сервер просит подождать. Попробуйте через минуту.',
}
