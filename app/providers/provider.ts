import type { Auth } from '../oauth/auth.ts'
import type { Api, Manner } from './api.ts'
import type { CatalogueSource, CatalogueTarget } from './catalogue.ts'
import type { NameForms } from '../texts/name-gaps.ts'
import type { ChangeNotifications } from './change-notifications.ts'
import type { Account, SignIn } from './account.ts'
import type { Gate, PastedToken, Scope, Words } from './platform-words.ts'

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
