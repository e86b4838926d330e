import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../../app/root.ts'

/**
 * nginx with the configuration of deploy/, but for what is this machine's own: where it listens, without TLS, and which
 * instances there are.
 */
export async function startNginx(folder: string, port: number, instances: readonly number[]) {
  mkdirSync(folder, { recursive: true })
  const upstream = path.join(folder, 'upstream.conf')
  const main = path.join(folder, 'nginx.conf')
  writeFileSync(upstream, upstreamOf(instances))
  writeFileSync(path.join(folder, 'evosync.conf'), siteOf(port, upstream))
  writeFileSync(main, mainOf(folder))
  const child = spawn('nginx', ['-c', main, '-e', path.join(folder, 'error.log')], {
    stdio: 'inherit',
  })
  process.once('exit', () => child.kill())
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error('nginx did not start')
    await new Promise((wake) => setTimeout(wake, 100))
  }
  return child
}

function siteOf(port: number, upstream: string): string {
  const site = readFileSync(path.join(ROOT, 'deploy/nginx/evosync.conf'), 'utf8')
  return site
    .replace('/etc/nginx/evosync-upstream.conf', upstream)
    .replace(/server \{\s+listen 80;.*?\n\}\n/s, '')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replace(/^\s+ssl_certificate.*\n/gm, '')
    .replace('server_name evosync.example.ru;', 'server_name localhost;')
}

/** As many lines as there are instances, each with the settings of the one in deploy/. */
function upstreamOf(instances: readonly number[]): string {
  const lines = readFileSync(path.join(ROOT, 'deploy/nginx/upstream.conf'), 'utf8').split('\n')
  const first = lines.findIndex((line) => line.includes('server 127.0.0.1:'))
  const others = lines.filter((line) => !line.includes('server 127.0.0.1:'))
  const servers = instances.map(
    (port) => lines[first]?.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`) ?? '',
  )
  return [...others.slice(0, first), ...servers, ...others.slice(first)].join('\n')
}

function mainOf(folder: string): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${path.join(folder, name)};`,
  )
  return `daemon off; worker_processes 1; pid ${path.join(folder, 'pid')};
events { worker_connections 1024; }
http { access_log off; ${places.join(' ')} include ${path.join(folder, 'evosync.conf')}; }
`
}

/** Whoever answers behind it. */
const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/healthz`).then(
    ({ status }) => status === 200,
    () => false,
  )
