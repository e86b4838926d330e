/** A platform as an administrator describes it; everything but the secret may be shown. */
export interface CustomPlatform {
  key: string
  title: string
  icon: string
  clientId: string
  /** Undefined: there is none, or it does not open with the keys we have. */
  clientSecret?: string | undefined
  /** A secret is stored and does not open. */
  unreadable?: boolean
  scope: string
  scopeDelimiter: ' ' | ','
  authorizeUrl: string
  tokenUrl: string
  userinfoUrl: string
  revokeUrl?: string | undefined
  /** Who a callback has to name in `iss` (RFC 9207), and whether it must. */
  issuer?: string | undefined
  issuerRequired: boolean
  pkce: boolean
  clientAuth: 'basic' | 'body' | 'none'
  /** Where id, name and e-mail stand in the answer of `userinfoUrl`: `data.user.id`. Absent: the usual names. */
  idPath?: string | undefined
  namePath?: string | undefined
  emailPath?: string | undefined
  enabled: boolean
  /** People come in by it; what is asked for then. Absent: what of the usual rights is asked for anyway. */
  signIn?: boolean | undefined
  signInScope?: string | undefined
}
