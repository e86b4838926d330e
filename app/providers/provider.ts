import { z } from 'zod'
import type { Auth } from '../oauth/auth.ts'
import type { Api, Manner } from './api.ts'
import type { CatalogueSource, CatalogueTarget } from './catalogue.ts'
import { splitScope, type Tokens } from '../oauth/tokens.ts'
import type { NameForms } from '../texts/names.ts'
import type { ChangeNotifications } from './change-notifications.ts'

/** One platform as a value: what it is called, how it lets people in, how to see who is connected. */
export interface Provider extends Manner {
  /** Part of every address (`/vk`) and, in capitals, of every variable (`VK_CLIENT_ID`). */
  key: string
  title: string
  /** How sentences decline the title, where they have to. */
  forms?: NameForms
  /** A Bootstrap icon's class, `bi-chat-dots`. */
  icon: string
  /** Colours of the icon's tile as CSS has them, the ink legible on the ground (WCAG 1.4.11); grey if left out. */
  tile?: { ground: string; ink: string }
  words: Words
  /** Rights we ask for, in the order a person reads them. */
  scopes: readonly Scope[]
  /** The application's keys are set, so people can be sent to the platform. */
  configured: boolean
  /** Why it counts as not configured although its keys are set, for administrators. */
  problem?: string
  /** An administrator has switched it off: nobody begins to connect; connections that are there live on. */
  disabled?: boolean
  /** Where an administrator's platform sends tokens: tells it from another one under the same key, earlier or later. */
  edition?: string
  redirectUri: string
  /** Stands under pages that name the platform. */
  footnote?: string
  /** What administrators should know by now, such as the end of an API's version. */
  remarks?: (now: Date) => readonly string[]
  /** Goods come from here. */
  source?: CatalogueSource
  /** Goods are shown here. */
  target?: CatalogueTarget
  gate?: Gate
  /** Largest answer in bytes, where 1 MB is too little. */
  maxBytes?: number
  /** PEM certificates to trust for this platform beside the usual ones. */
  extraCa?: readonly string[]
  auth: Auth
  /** Refusals in a row before the grant is believed to be gone, where a platform refuses good tokens at times; 1. */
  deadAfter?: number
  /** Days before the end of what we cannot renew at which the owner is told, largest first; 7. */
  warnDays?: readonly number[]
  /** Every renewal gives the refresh token its whole life anew, so that its end is nothing to warn of. */
  renewsEnd?: boolean
  /** People may sign in to EvoSync with their account there. */
  signIn?: SignIn
  /** Who is this? Also the health probe. Throws ProviderError. */
  identify(api: Api): Promise<Account>
  /** The rights really granted, where the token answer does not tell; undefined when the platform will not say. */
  grantedScope?(api: Api): Promise<string[] | undefined>
  /** What the journal keeps of a consent, for those who have to prove it later; never the code itself. */
  audit?: (callback: URLSearchParams) => Record<string, string>
  pasted?: PastedToken
  /** Tells us of changes by itself, where the operator has arranged it. */
  hints?: ChangeNotifications
}

/** A platform goods come from. */
export type SourcePlatform = Provider & { source: CatalogueSource }

/** A platform goods are shown on. */
export type TargetPlatform = Provider & { target: CatalogueTarget }

/** What is asked for when a person only signs in. */
export interface SignIn {
  scopes: readonly string[]
  /** Whose word it is, at a platform of an administrator: who was known by another server's word is not known by it. */
  edition?: string
  /** Who is this, where letting in has to be stricter than showing. Throws ProviderError. */
  identify?(api: Api): Promise<Account>
}

/** Whose account it is. `profile` is shown by the platform's own words and holds no secret. */
export interface Account {
  /** Absent when the platform does not tell (a till account without stores). */
  id?: string
  name?: string
  profile: Record<string, unknown>
  /** The connection lives, but a person has something to do: a code of the texts. */
  attention?: string
  /** When the whole grant ends, however often its tokens are renewed. */
  endsAt?: Date
  /** For signing in; not stored with a connection. */
  email?: { address: string; verified: boolean }
}

/** A right, by the name the platform uses and in words. */
export interface Scope {
  name: string
  title: string
  text: string
  /** Without it EvoSync cannot do its work. */
  needed: boolean
}

/** A right the platform gives to few applications, so that goods may have to go another way. */
export interface Gate {
  /** The right's name. */
  scope: string
  /** Codes of refusals that mean it is missing. */
  codes: readonly string[]
  title: string
  text: string
  /** How the right is asked for; names and addresses stand between backticks. */
  steps: readonly string[]
}

/** For owners who have a token but no OAuth client. */
export interface PastedToken {
  /** Ways in which the pasted text may be presented, tried in this order; empty when it cannot be a token at all. */
  candidates(text: string): Tokens[]
  title: string
  label: string
  hint: string
}

/** What a person reads about the platform; names of rights and variables stand between backticks. */
export interface Words {
  purpose: string
  need: string
  intro: string
  points: readonly string[]
  promise: string
  /** The onboarding step, before it is done and after. */
  step: string
  done(account: Account): string
  /** What stays and what stops after disconnecting. */
  afterDisconnect: string
  confirmDisconnect: string
  /** Where the person removes the grant at the platform, for when we cannot; an address if there is one to go to. */
  removeByHand: string
  removeUrl?: string
  /** How an administrator sets the platform up; `{redirectUri}` is filled in. */
  setup: readonly string[]
  /** Rows of the account panel. */
  facts(account: Account): readonly Fact[]
  table?(account: Account): Table | undefined
}

/** A row of the account panel; `code` sets it in monospace. */
export interface Fact {
  label: string
  value: string
  code?: boolean
}

/** A table under the account panel; the first column names the row. */
export interface Table {
  title: string
  columns: readonly string[]
  rows: readonly (readonly string[])[]
}

/** How a platform is made from its variables. */
export interface Platform {
  key: string
  settings: z.ZodType
  create: (variables: Record<string, string>, baseUrl: string) => Provider
}

/** Variables every platform understands, unprefixed. Endpoints move it to a simulator or a mirror. */
export const commonSettings = z.object({
  CLIENT_ID: z.string().optional(),
  CLIENT_SECRET: z.string().optional(),
  SCOPES: z.string().transform(splitScope).optional(),
  REDIRECT_URI: z.string().optional(),
  AUTHORIZE_URL: endpoint(),
  TOKEN_URL: endpoint(),
  API_URL: endpoint(),
  REVOKE_URL: endpoint(),
  USERINFO_URL: endpoint(),
})

function endpoint() {
  return z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:\/\//.test(text), 'нужен адрес https://…')
    .transform((text) => text.replace(/\/$/, ''))
    .optional()
}
