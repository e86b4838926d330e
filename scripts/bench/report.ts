import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, release } from 'node:os'
import path from 'node:path'
import { ROOT } from '../../app/root.ts'

const FILE = path.join(ROOT, 'docs/benchmarks.md')

/**
 * Puts what a benchmark printed between its marks in docs/benchmarks.md, with the machine and the date; the rest of the
 * page stays.
 * @throws Error when the page has no such marks
 */
export function writeSection(name: string, markdown: string): void {
  const page = existsSync(FILE) ? readFileSync(FILE, 'utf8') : ''
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no ${begin} … ${end}`)
  const section = `${begin}\n\n${machine()}\n\n${markdown}\n\n`
  writeFileSync(FILE, page.slice(0, from) + section + page.slice(to))
}

function machine(): string {
  const [cpu] = cpus()
  const today = new Date().toISOString().slice(0, 10)
  return `${today}, Node ${process.versions.node}, Linux ${release()}, ${availableParallelism()} cores (${cpu?.model.trim() ?? 'unknown'}).`
}
