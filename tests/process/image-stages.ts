import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT, tempFolder } from '../support/process.ts'

/** One instruction of a Dockerfile (docs.docker.com, Dockerfile reference). */
export interface Instruction {
  name: string
  rest: string
}

/** A stage as far as a plain folder can show it: what was copied and run, below a root of its own. */
export interface Stage {
  root: string
  instructions: Instruction[]
}

/** Comments left out, lines that end with a backslash put together. */
export function instructionsOf(text: string): Instruction[] {
  const lines = text.replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n/g, ' ')
  return [...lines.matchAll(/^([A-Z]+) +(.*)$/gm)].map(([, name = '', rest = '']) => ({
    name,
    rest: rest.trim(),
  }))
}

/**
 * Carries a Dockerfile out without an engine. `npm ci` links the packages that are installed here, those of development
 * left out; what makes users is not run. Other commands are.
 */
export function playStages(instructions: readonly Instruction[]): Stage[] {
  const stages: (Stage & { name: string; cwd: string })[] = []
  for (const instruction of instructions) {
    const { name, rest } = instruction
    if (name === 'FROM')
      stages.push({ name: / AS (\w+)$/.exec(rest)?.[1] ?? '', ...empty(), cwd: '/' })
    const stage = stages.at(-1)
    if (!stage) continue // arguments and the syntax's version
    stage.instructions.push(instruction)
    const here = path.join(stage.root, stage.cwd)
    if (name === 'WORKDIR') {
      stage.cwd = rest
      mkdirSync(path.join(stage.root, rest), { recursive: true })
    } else if (name === 'RUN') runIn(here, rest)
    else if (name === 'COPY') {
      const [from, ...paths] = rest.startsWith('--from=')
        ? rest.split(' ')
        : ['', ...rest.split(' ')]
      const source = stages.find(({ name: other }) => from === `--from=${other}`)
      copy(source?.root ?? ROOT, paths, here)
    }
  }
  return stages
}

const empty = () => ({ root: tempFolder(), instructions: [] as Instruction[] })

/** Packages of the machine, such as Node itself, are there already. */
function copy(root: string, paths: string[], here: string) {
  const target = paths.at(-1) ?? ''
  if (path.isAbsolute(target)) return
  for (const one of paths.slice(0, -1)) {
    const to = target.endsWith('/')
      ? path.join(here, target, path.basename(one))
      : path.join(here, target)
    cpSync(path.join(root, one), to, { recursive: true, verbatimSymlinks: true })
  }
}

function runIn(cwd: string, command: string) {
  if (command.startsWith('useradd ')) return
  if (command.startsWith('npm ci ')) linkPackages(cwd)
  else execFileSync('/bin/sh', ['-c', command], { cwd, stdio: 'ignore' })
}

function linkPackages(cwd: string) {
  const { packages } = JSON.parse(readFileSync(path.join(cwd, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const wanted = Object.entries(packages).flatMap(([at, { dev }]) =>
    /^node_modules\/(@[^/]+\/)?[^/]+$/.test(at) && !dev ? [at] : [],
  )
  execFileSync('/bin/sh', ['-c', LINK, 'link', ROOT, cwd, ...wanted], { stdio: 'ignore' })
}

/** Links cost no room; on another disk they are copies. One that is for another system is not there. */
const LINK = `
from=$1; to=$2; shift 2
for at in "$@"; do
  [ -d "$from/$at" ] || continue
  mkdir -p "$to/$(dirname "$at")"
  cp -al "$from/$at" "$to/$at" 2>/dev/null || cp -a "$from/$at" "$to/$at"
done
mkdir -p "$to/node_modules/.bin" && cp -a "$from/node_modules/.bin/." "$to/node_modules/.bin/"
`
