/** What OK answers instead of a result; the HTTP status stays 200 (docs/platforms/ok.md#errors). */
export class OkRefusal extends Error {
  override readonly name = 'OkRefusal'
  readonly code: number

  constructor(code: number, text?: string) {
    super(text ?? TEXTS[code] ?? 'UNKNOWN : Unknown error')
    this.code = code
  }
}

export const badParam = (what: string) => new OkRefusal(100, `PARAM : ${what}`)

export const notFound = (what: string) => new OkRefusal(300, `NOT_FOUND : ${what}`)

const TEXTS: Record<number, string> = {
  1: 'UNKNOWN : Unknown error',
  2: 'SERVICE : Service is temporary unavailable',
  3: 'METHOD : Method does not exist',
  4: 'REQUEST : Request is invalid',
  7: 'ACTION_BLOCKED : The action is blocked for the user for some time',
  8: 'FLOOD_BLOCKED : Blocked because of flood',
  10: 'PERMISSION_DENIED : Permission denied',
  11: 'LIMIT_REACHED : The limit of calls is reached',
  50: 'NOT_ADMIN : The user is no administrator of the group',
  101: 'PARAM_API_KEY : Parameter application_key is missing or wrong',
  102: 'PARAM_SESSION_EXPIRED : Session expired',
  103: 'PARAM_SESSION_KEY : Invalid session key',
  104: 'PARAM_SIGNATURE : Invalid signature',
  160: 'PARAM_GROUP_ID : Invalid group id',
  453: 'SESSION_REQUIRED : A session is required',
  454: 'CENSOR_MATCH : The text is refused',
  456: 'GROUP_RESTRICTION : The group does not allow it',
  514: 'IDS_SESSION_VERIFICATION_REQUIRED : The user has to prove who they are',
  601: 'MEDIA_TOPIC_TEXT_LIMIT : The text is too long',
}
