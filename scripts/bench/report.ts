import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, release } from 'node:os'
import path from 'node:path'
import { ROOT } from '../../app/root.ts'

/**
 * Puts what a benchmark printed between its marks in a page of docs, with the machine and the date; the rest of the
 * page stays.
 * @throws Error when the page has no such marks
 */
export function writeSection(name: string, markdown: string, at = 'docs/benchmarks.md'): void {
  const file = path.join(ROOT, at)
  const page = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${at} has no ${begin} … ${end}`)
  const section = `${begin}\n\n${machine()}\n\n${markdown}\n\n`
  writeFileSync(file, page.slice(0, from) + section + page.slice(to))
}

function machine(): string {
  const [cpu] = cpus()
  const today = new Date().toISOString().slice(0, 10)
  return `${today}, Node ${process.versions.node}, Linux ${release()}, ${availableParallelism()} cores (${cpu?.model.trim() ?? 'unknown'}).`
}
