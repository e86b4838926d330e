import { readFileSync } from 'node:fs'
import path from 'node:path'
import ejs from 'ejs'
import type { Express } from 'express'
import { ROOT } from '../../root.ts'
import { onceFor } from '../once-for.ts'

const VIEWS = path.join(ROOT, 'views')
const LAYOUT = path.join(VIEWS, 'layout.ejs')

type Data = Record<string, unknown>
/** `extra` is seen beside `data`, and before it. */
type Template = (data: Data, extra?: Data) => string
type Include = (name: string, extra?: Data) => string
/** A partial that follows from one thing alone, and sees nothing but that: rendered once for each such thing. */
type IncludeOnce = (name: string, extra: Data, of: object) => string

/**
 * EJS has no layouts: a page is rendered, then the layout around it with the page as `body`. Templates are compiled
 * once. A partial included without data becomes part of its user's text and sees its variables; one included with data
 * costs a function call and a copy of what it sees. EJS's own `include` asks the disk, and copies twice.
 */
export function installViews(app: Express) {
  const templateOf = createTemplates(app.locals)
  app.set('views', VIEWS)
  app.set('view engine', 'ejs')
  app.enable('view cache')
  app.engine('ejs', (file, data, done) => {
    try {
      const body = templateOf(file)(data as Data)
      done(null, templateOf(LAYOUT)(data as Data, { body }))
    } catch (error) {
      done(error)
    }
  })
}

function createTemplates(shared: Data): (file: string) => Template {
  const known = new Map<string, Template>()

  function templateOf(file: string): Template {
    const found = known.get(file)
    if (found) return found
    const made = compile(file)
    known.set(file, made)
    return made
  }

  function compile(file: string): Template {
    // None of the data is ever a request's query or body. It is copied: what is inherited from becomes a prototype, and V8
    // keeps such a one, and all it holds, until the next full collection.
    const options = { filename: file, unsafePrototypeLocals: true } as ejs.Options
    const render = ejs.compile(withPartials(file), options) as Template
    const partials = new Map<string, Template>()

    /** A partial stands beside its user, or in a folder next to it. */
    function partialOf(name: string): Template {
      const partial =
        partials.get(name) ?? templateOf(path.resolve(path.dirname(file), `${name}.ejs`))
      partials.set(name, partial)
      return partial
    }

    const keptFor = onceFor<object, Map<string, string>>(() => new Map())
    const includeOnce: IncludeOnce = (name, extra, of) => {
      const kept = keptFor(of)
      const text = kept.get(name) ?? partialOf(name)(shared, extra)
      kept.set(name, text)
      return text
    }

    return (data, extra) => {
      const include: Include = (name, more) => partialOf(name)(seen, more)
      const seen: Data = { ...data, ...extra, include, includeOnce }
      return render(seen)
    }
  }

  return templateOf
}

/** A template's text with its plain partials in place; each names others relative to itself. */
function withPartials(file: string): string {
  const text = readFileSync(file, 'utf8')
  return text.replace(/<%- include\('([^']+)'\) -?%>/g, (_all, name: string) =>
    withPartials(path.resolve(path.dirname(file), `${name}.ejs`)).trimEnd(),
  )
}
