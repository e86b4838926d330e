import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PurgeCSS } from 'purgecss'
import { ROOT } from '../../app/root.ts'

const WHOLE = createRequire(import.meta.url).resolve('bootstrap/dist/css/bootstrap.css')
const SPEAKERS = ['views/**/*.ejs', 'app/web/**/*.ts', 'public/app.js']

/** A class put together from parts: any word of a page that is a tone makes one. */
const PUT_TOGETHER = [/^text-bg-(success|secondary|warning|danger|info)$/]

/** Of Bootstrap's style sheet the rules that pages can meet, and the variables these and our own sheet use. */
export async function cutBootstrap(): Promise<string> {
  const own = readFileSync(path.join(ROOT, 'public/app.css'), 'utf8')
  const [cut] = await new PurgeCSS().purge({
    content: SPEAKERS.map((files) => path.join(ROOT, files)),
    css: [{ raw: readFileSync(WHOLE, 'utf8') }, { raw: own }],
    safelist: PUT_TOGETHER,
    variables: true,
    keyframes: true,
  })
  if (!cut) throw new Error('nothing was cut')
  return cut.css.replace(/\n*\/\*# sourceMappingURL=.*\*\/\s*$/, '\n')
}
