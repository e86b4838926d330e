export interface ServerPlace {
  /** `host:port`, or the folder of the socket. */
  server: string
  user: string
  database: string
}

type Trouble = readonly [RegExp | undefined, RegExp | undefined, (place: ServerPlace) => string]

export const TROUBLES: readonly Trouble[] = [
  [
    /^28P01$/,
    undefined,
    ({ server, user }) =>
      `PostgreSQL на ${server} не принимает имя или пароль пользователя ${user}. Проверьте их; знаки @ : / % в пароле пишутся как %40 %3A %2F %25`,
  ],
  [
    undefined,
    /client password must be a string|no password supplied/,
    ({ user }) =>
      `PostgreSQL просит пароль пользователя ${user}, а в адресе его нет: postgres://${user}:пароль@…`,
  ],
  [
    /^28000$/,
    undefined,
    ({ server, user, database }) =>
      `PostgreSQL на ${server} не пускает пользователя ${user} в базу ${database}. Проверьте, что такой пользователь есть (createuser), а pg_hba.conf пускает его с этой машины; если там hostssl, добавьте к адресу ?sslmode=require`,
  ],
  [
    /^3D000$/,
    undefined,
    ({ server, user, database }) =>
      `на ${server} нет базы ${database}. Создайте её (createdb -O ${user} ${database}) или исправьте имя в конце адреса`,
  ],
  [
    /^(42501|3F000)$/,
    undefined,
    ({ user, database }) =>
      `у пользователя ${user} нет прав создавать таблицы в базе ${database}. Сделайте его владельцем: ALTER DATABASE "${database}" OWNER TO "${user}"; или GRANT ALL ON SCHEMA public TO "${user}";`,
  ],
  [
    /^25006$/,
    undefined,
    ({ server }) =>
      `PostgreSQL на ${server} только для чтения: это реплика. Укажите главный сервер`,
  ],
  [
    /^53100$/,
    undefined,
    ({ server }) =>
      `на сервере PostgreSQL ${server} кончилось место на диске. Освободите его и запустите снова`,
  ],
  [
    /^53/,
    undefined,
    ({ server }) =>
      `PostgreSQL на ${server} больше не принимает соединений: все заняты. Поднимите max_connections или закройте лишние программы`,
  ],
  [
    /^57P/,
    undefined,
    ({ server }) =>
      `PostgreSQL на ${server} запускается или останавливается. Посмотрите его журнал`,
  ],
  [
    undefined,
    /does not support SSL/,
    ({ server }) =>
      `PostgreSQL на ${server} не умеет TLS. Уберите sslmode и ssl из адреса или включите TLS на сервере`,
  ],
  [
    /^(SELF_SIGNED_CERT|DEPTH_ZERO|UNABLE_TO_|CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/,
    undefined,
    ({ server }) =>
      `сертификату PostgreSQL на ${server} нет доверия, или он выдан на другое имя. Назовите свой центр сертификации: ?sslmode=verify-full&sslrootcert=/путь/ca.pem`,
  ],
  [
    /^ECONNREFUSED$/,
    undefined,
    ({ server }) =>
      `PostgreSQL на ${server} не отвечает: соединение отклонено. Запустите его или исправьте адрес и порт`,
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    undefined,
    ({ server }) => `имя сервера из ${server} не находится. Проверьте имя и DNS этой машины`,
  ],
  [
    undefined,
    /connect (ENOENT|EACCES)/,
    ({ server }) =>
      `PostgreSQL не слушает в ${server}: сокета там нет, или к нему нет прав. Запустите его или исправьте адрес`,
  ],
  [
    /^(ENOENT|EACCES|EISDIR)$/,
    undefined,
    () => 'файл из sslrootcert, sslcert или sslkey не читается. Проверьте путь и права на него',
  ],
  [
    undefined,
    /URI malformed|Invalid URL/,
    () => 'адрес не читается. Знаки @ : / % в имени и пароле пишутся как %40 %3A %2F %25',
  ],
  [
    /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNABORTED)$/,
    undefined,
    ({ server }) =>
      `до PostgreSQL на ${server} не достучаться. Проверьте адрес, порт и сетевой экран`,
  ],
  [
    undefined,
    /timeout e(xpired|xceeded)|Timeout acquiring/,
    ({ server }) =>
      `PostgreSQL на ${server} не отвечает вовремя. Проверьте адрес, порт и сетевой экран`,
  ],
  [
    /^(ECONNRESET|EPIPE|08)/,
    undefined,
    ({ server }) =>
      `соединение с ${server} обрывается. Проверьте, что по этому адресу PostgreSQL, и посмотрите его журнал`,
  ],
  [
    undefined,
    /Connection terminated|connection error|SSL connection|invalid response/,
    ({ server }) =>
      `соединение с ${server} обрывается. Проверьте, что по этому адресу PostgreSQL, и посмотрите его журнал`,
  ],
]
