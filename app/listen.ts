import type { Server } from 'node:http'
import type { Config } from './config/index.ts'
import { ConfigError } from './errors.ts'

/** @throws ConfigError in words when the address cannot be listened on */
export function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      reject(new ConfigError([trouble(error.code ?? '', host, port)], { cause: error }))
    }
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}

function trouble(code: string, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT: порт занят другой программой (${host}:${port}). Закройте её или задайте другой PORT`
    case 'EACCES':
      return `PORT: порт ${port} может занять только администратор системы. Задайте порт от 1024, пример: 3000, а наружу выведите его через прокси`
    case 'EADDRNOTAVAIL':
      return `HOST: у этой машины нет адреса ${host}. Задайте 127.0.0.1 за прокси или 0.0.0.0, чтобы слушать все адреса`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST: имя ${host} не находится. Задайте адрес этой машины, пример: 127.0.0.1`
    case 'EAFNOSUPPORT':
      return `HOST: эта машина не умеет адресов такого вида (${host}). Задайте 127.0.0.1 или 0.0.0.0`
    default:
      return `HOST: на ${host}:${port} слушать не получается (${code}). Проверьте HOST и PORT`
  }
}
