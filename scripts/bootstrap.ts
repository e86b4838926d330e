import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../app/root.ts'
import { cutBootstrap } from './assets/cut-bootstrap.ts'

/** Cuts Bootstrap anew once pages name other classes of it: `npm run bootstrap`. Why: docs/decisions/037-what-a-browser-loads.md. */
const file = path.join(ROOT, 'public/bootstrap.css')
writeFileSync(file, await cutBootstrap())
console.log(`Готово: ${path.relative(ROOT, file)}`)
