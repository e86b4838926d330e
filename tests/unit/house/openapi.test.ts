import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { BADGES } from '../../../app/web/kit/state.ts'
import { openApi } from '../../support/api.ts'
import { readSources } from './sources.ts'

const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([method]) => method !== 'parameters')
    .map(([method, operation]) => ({ path, method, operation: operation as unknown as Described })),
)

/** What each operation has to say. */
interface Described {
  operationId: string
  summary: string
  tags: string[]
  security?: object[]
  responses: Record<string, unknown>
}

describe('The description of the API', () => {
  test('is OpenAPI 3.1', async () => {
    const result = await new Validator().validate(
      structuredClone(openApi) as unknown as Record<string, unknown>,
    )

    expect(result.errors ?? []).toEqual([])
    expect(result.valid).toBe(true)
  })

  test('knows every state the pages know', () => {
    const found = /"state":\{"type":"string","enum":(\[[^\]]+\])/.exec(JSON.stringify(openApi))

    expect(JSON.parse(found?.[1] ?? '[]')).toEqual(Object.keys(BADGES))
  })

  test('refers to nothing that is not there', () => {
    const text = JSON.stringify(openApi)
    const references = [...text.matchAll(/"\$ref":"#([^"]+)"/g)].map(([, at = '']) => at)

    expect(references.length).toBeGreaterThan(20)
    expect(references.filter((at) => resolve(at) === undefined)).toEqual([])
  })

  test('names every operation once', () => {
    const names = operations.map(({ operation }) => operation.operationId)

    expect(new Set(names).size).toBe(names.length)
  })

  test.each(operations)(
    '$method $path says what it is, who may, and how it fails',
    ({ operation }) => {
      expect(operation.summary).toMatch(/^[A-Z].+[^.]$/)
      expect(operation.tags).toHaveLength(1)
      expect(operation.security).toBeInstanceOf(Array)
      if (operation.security?.length) {
        expect(Object.keys(operation.responses)).toEqual(
          expect.arrayContaining(['401', '403', '429']),
        )
      }
    },
  )

  test('knows every route of the code, and no other', () => {
    const described = Object.keys(openApi.paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1'))

    expect(described.toSorted()).toEqual(routesInCode())
  })
})

/** What `app/web/api/` answers under `/api/v1`. */
function routesInCode(): string[] {
  const files = [...readSources('app/web')].filter(([file]) => API.test(file))
  const text = files.map(([, code]) => code)
  const routes = text.join('\n').matchAll(/(?:\.route|api\.get)\('(\/[^']+)'\)?/g)
  return [...new Set([...routes].map(([, path = '']) => path))].sort()
}

const API = /\/web\/api(\/|(-(?!tokens)[a-z]+)*\.ts$)/

function resolve(at: string): unknown {
  return at
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], openApi)
}
