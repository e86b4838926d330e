import type { Tokens } from '../oauth/tokens.ts'
import type { Account } from './account.ts'

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
  /** A letter to copy, where it is asked for by one; paragraphs stand apart. */
  letter?: { to: string; subject: string; text: string }
}

/** For owners who have a token but no OAuth client. */
export interface PastedToken {
  /** Ways in which the pasted text may be presented, tried in this order; empty when it cannot be a token at all. */
  candidates(text: string): Tokens[]
  title: string
  label: string
  hint: string
}

/** What a person reads about the platform; names of rights stand between backticks, links as `[words](https://…)`. */
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
  /** How an administrator comes to the keys of an application; `{redirectUri}` is filled in. */
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

/** What a variable is called where administrators enter it. */
export interface SettingWords {
  label: string
  hint?: string
  /** Typed like a password. */
  secret?: boolean
  /** No key: what was entered may be read again. */
  plain?: boolean
  /** What its words mean, where it is a choice. */
  options?: Readonly<Record<string, string>>
}
