import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ROOT } from '../../app/root.ts'

/** Names of the classes a style sheet has rules for. */
export const classesIn = (css: string): ReadonlySet<string> =>
  new Set(css.replaceAll(/url\([^)]*\)|\/\*[^]*?\*\//g, '').match(/(?<=\.)-?[a-z_][\w-]*/gi))

/** Bootstrap's classes, as it comes and as we keep it. */
export function bootstrapClasses() {
  const whole = createRequire(import.meta.url).resolve('bootstrap/dist/css/bootstrap.css')
  const kept = path.join(ROOT, 'public/bootstrap.css')
  const classes = (file: string) => classesIn(readFileSync(file, 'utf8'))
  return { whole: classes(whole), kept: classes(kept) }
}

/** Those that are not kept, and that our own sheet does not know either. */
export function classesLeftOut(): ReadonlySet<string> {
  const { whole, kept } = bootstrapClasses()
  const own = classesIn(readFileSync(path.join(ROOT, 'public/app.css'), 'utf8'))
  return new Set([...whole].filter((name) => !kept.has(name) && !own.has(name)))
}
