import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'

/** Packages that give each request or answer functions of its own. */
export const PER_REQUEST = ['compression', 'csurf', 'express-session']

/**
 * V8 makes a function that is written where it is assigned to a property in the old generation: its parser takes it for a
 * method that stays (`SetPretenure` in parser-base.h). What such a one sees is kept until the next full collection, so
 * that middleware with `res.end = function …` keeps every request and grows the heap by half. A declaration is made where
 * everything else is made.
 */
export const stayingYoung: Plugin = {
  name: 'staying-young',
  setup(build) {
    build.onLoad({ filter: FILES }, ({ path: file }) => ({
      contents: declared(readFileSync(file, 'utf8')),
    }))
  },
}

const FILES = new RegExp(`node_modules/(${PER_REQUEST.join('|')})/index\\.js$`)

/** `res.end = function end(…) {…}` as `res.end = end; function end(…) {…}`, which means the same in a function's body. */
export const declared = (code: string): string =>
  code.replace(/\b((?:req|res)\.\w+) = function (\w+) ?\(/g, '$1 = $2; function $2(')
