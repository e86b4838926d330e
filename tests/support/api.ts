import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { request } from 'undici'
import type { ApiScope } from '../../app/store/api-tokens.ts'
import type { TestApp } from './app.ts'

/** The description of the API as it is kept beside the code. */
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>
}

interface Operation {
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: object }> }>
}

export interface Answered {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Record<string, unknown>
}

/** What a call sends beside its address. */
export interface Call {
  json?: unknown
  headers?: Record<string, string>
  body?: string
}

const API = '/api/v1'
const text = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')
export const openApi = JSON.parse(text) as OpenApi

/** A program that calls the API; every answer of a described operation has to look as described. */
export function apiClient({ url }: Pick<TestApp, 'url'>, token?: string) {
  return async (method: string, path: string, call: Call = {}): Promise<Answered> => {
    const answer = await request(url + API + path, {
      method: method as 'GET',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(call.json !== undefined && { 'content-type': 'application/json' }),
        ...call.headers,
      },
      body: call.json === undefined ? (call.body ?? null) : JSON.stringify(call.json),
    })
    const body = await answer.body.text()
    const answered = {
      status: answer.statusCode,
      headers: answer.headers,
      body: (body ? JSON.parse(body) : {}) as Record<string, unknown>,
    }
    expectDescribed(method, path, answered)
    return answered
  }
}

/** A key of a person who is there. */
export async function apiToken(
  { ctx }: Pick<TestApp, 'ctx'>,
  scopes: readonly ApiScope[] = ['read', 'tokens'],
  userId = 1,
): Promise<string> {
  return await ctx.apiTokens.add({ userId, name: 'Бот', scopes })
}

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }))
ajv.addSchema(openApi, 'openapi.json')
const validators = new Map<string, ValidateFunction>()

function expectDescribed(method: string, path: string, { status, headers, body }: Answered) {
  const template = templateOf(path.split('?')[0] ?? '')
  const operation =
    template === undefined ? undefined : openApi.paths[template]?.[method.toLowerCase()]
  if (!template || !operation) return
  expect(Object.keys(operation.responses), `${method} ${template}`).toContain(String(status))
  const type = String(headers['content-type'] ?? '').split(';')[0] ?? ''
  if (status === 204) return
  const validate = validatorOf(template, method, status, type)
  expect(validate(body) ? [] : validate.errors, `${method} ${template} ${status}`).toEqual([])
}

function templateOf(path: string): string | undefined {
  if (openApi.paths[path]) return path
  return Object.keys(openApi.paths).find((template) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
}

function validatorOf(
  template: string,
  method: string,
  status: number,
  type: string,
): ValidateFunction {
  const response = openApi.paths[template]?.[method.toLowerCase()]?.responses[String(status)]
  const at =
    response?.$ref ?? pointer('paths', template, method.toLowerCase(), 'responses', String(status))
  const ref = `openapi.json${at}${pointer('content', type, 'schema').slice(1)}`
  const known = validators.get(ref)
  if (known) return known
  const made = ajv.compile({ $ref: ref })
  validators.set(ref, made)
  return made
}

const pointer = (...parts: string[]) =>
  `#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
