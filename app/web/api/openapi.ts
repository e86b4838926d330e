import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../../root.ts'
import type { Config } from '../../config/index.ts'

const FILE = path.join(ROOT, 'docs/openapi.json')

/** The description of the API (OpenAPI 3.1), with this server's own address. */
export function readOpenApi({ baseUrl }: Config): object {
  const document = JSON.parse(readFileSync(FILE, 'utf8')) as object
  return { ...document, servers: [{ url: `${baseUrl}/api/v1` }] }
}
