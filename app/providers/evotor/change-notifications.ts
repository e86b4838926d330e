import { asObject, asText } from '../../http/answer.ts'
import { LONGEST_ID } from './fields.ts'
import type { Hint, ChangeNotifications } from '../change-notifications.ts'

/** Stores of one message; no owner has so many. */
const MOST = 100

/** Of a message: names are remembered, by the thousand. */
const LONGEST_NAME = 500

type Message = ReturnType<ChangeNotifications['read']>

/** Evotor's webhooks, under one secret. */
export const evotorHints = (secret: string): ChangeNotifications => ({
  secret,
  read: readEvotorHint,
  answer: (path, body) => greet(path, body, secret),
})

/**
 * `/user/create` wants a token for the user, and shows it with that user's products and receipts
 * (docs/platforms/evotor.md#webhooks). They are hints, whoever's: the secret that has just been shown serves for them
 * as well.
 */
function greet(path: string, body: unknown, token: string): object {
  const userId = path.endsWith('/user/create') && userOf(asObject(body) ?? {})
  return userId ? { userId, token } : {}
}

/**
 * Reads what Evotor's webhooks say (docs/platforms/evotor.md#webhooks): products and documents of a store, receipts,
 * installing and paying for the application, a user's token, which is not taken: anybody's could come. Spellings of
 * several years are known.
 */
export function readEvotorHint(path: string, body: unknown): Message {
  const message = messageIn(path, body)
  const endless = message?.id !== undefined && message.id.length > LONGEST_NAME
  return endless ? { hints: message.hints } : message
}

function messageIn(path: string, body: unknown): Message {
  const [, storeId] = /\/stores\/([^/]+)(\/|$)/.exec(path) ?? []
  if (storeId) return { hints: stores([storeId]) }
  if (Array.isArray(body)) return fromDocuments(body)
  const event = asObject(body)
  return event && (fromReceipt(event) ?? fromAccount(event))
}

/** A list of documents, each with its store. */
function fromDocuments(documents: readonly unknown[]): Message {
  const hints = stores(documents.map((document) => storeOf(asObject(document))))
  return hints.length > 0 || documents.length === 0 ? { hints } : undefined
}

/** «Чеки (ver.2)», known by the number of the document: an event may be told again under another. */
function fromReceipt(event: Fields): Message {
  const data = asObject(event.data)
  const hints = stores([storeOf(data)])
  return hints.length > 0 ? { id: asText(data?.id) ?? asText(event.id), hints } : undefined
}

/** Installed, uninstalled, paid for, connected: whose account it is stands inside or outside. */
function fromAccount(event: Fields): Message {
  const accountId = userOf(asObject(event.data)) ?? userOf(event)
  if (!accountId || !isId(accountId)) return undefined
  const { type, sequenceNumber: number } = event
  const told = asText(event.id) ?? asText(event.subscriptionId)
  const id = told && [told, asText(type), asText(number)].filter(Boolean).join(' ')
  return { id, hints: [{ accountId }] }
}

type Fields = Readonly<Record<string, unknown>>

const storeOf = (fields: Fields | undefined) =>
  asText(fields?.storeId) ?? asText(fields?.storeUuid) ?? asText(fields?.store_id)

const isId = (text: string) => text.length <= LONGEST_ID && !text.includes('\0')

const userOf = (fields: Fields | undefined) => asText(fields?.userId) ?? asText(fields?.userUuid)

function stores(ids: readonly (string | undefined)[]): Hint[] {
  const known = ids.filter((id) => id !== undefined && isId(id))
  return [...new Set(known)].slice(0, MOST).map((storeId) => ({ storeId }) as Hint)
}
