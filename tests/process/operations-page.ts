import { execFile } from 'node:child_process'
import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { ROOT, tempFolder } from '../support/process.ts'

const page = readFileSync(path.join(ROOT, 'docs/operations.md'), 'utf8')

/** The blocks of commands of a chapter of docs/operations.md, as they stand there. */
export function blocksOf(chapter: string): string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${chapter}\n`)) ?? ''
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block)
  if (blocks.length === 0) throw new Error(`no commands under «${chapter}»`)
  return blocks
}

/** A folder EvoSync is installed in, as far as its commands can tell: settings, package.json, and where scripts are. */
export function installed(settings: Readonly<Record<string, string>>): string {
  const folder = tempFolder()
  copyFileSync(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'))
  for (const name of ['scripts', 'deploy', 'docs'])
    symlinkSync(path.join(ROOT, name), path.join(folder, name))
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(path.join(folder, '.env'), lines.join(''), { mode: 0o600 })
  onTestFinished(async () => {
    await inShell(folder, 'systemctl stop evosync')
  })
  return folder
}

/**
 * What a machine has and a test has not: a manager of services, which starts and stops the very same process here, the
 * next version on the network, and a user and a folder of its own.
 */
const MACHINE = `
set -e
placed() { case "$3" in /etc/*) mkdir -p ".$(dirname "$3")"; command "$1" "$2" ".$3" ;; *) command "$@" ;; esac; }
cp() { placed cp "$@"; }
mv() { placed mv "$@"; }
useradd() { :; }
chown() { :; }
systemctl() {
  if [ "$1" = daemon-reload ]; then return 0; fi
  if [ "$1" = enable ]; then set -- start; fi
  if [ -f pid ] && [ "$1" != start ]; then
    kill "$(cat pid)" && while kill -0 "$(cat pid)" 2>/dev/null; do sleep 0.1; done
    rm pid
  fi
  if [ "$1" != stop ]; then
    node scripts/run.js app/server.ts >> server.log 2>&1 & echo $! > pid
    until node -e "fetch('http://127.0.0.1:$PORT/readyz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"; do
      kill -0 "$(cat pid)" 2>/dev/null || { tail -n 5 server.log; return 1; }
      sleep 0.2
    done
  fi
}
git() { [ "$1" = pull ]; }
npm() { if [ "$1" = ci ]; then return 0; fi; command npm "$@"; }
[ -n "$PORT" ] || PORT=$(sed -n 's/^PORT=//p' .env)
`

/** Runs commands in a folder; gives all they said. Rejects when one fails. */
export async function inShell(
  folder: string,
  commands: string,
  given: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { PATH = '', HOME = '' } = process.env
  const options = { cwd: folder, env: { PATH, HOME, ...given }, timeout: 240_000 }
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', MACHINE + commands], options)
  return stdout + stderr
}
