import { Pool } from 'undici'
import { answerConsent, type Browser } from '../../../tests/support/browser.ts'
import type { Contender } from './contenders.ts'
import type { ServerProcess } from './server-process.ts'

const LANES = 8

/** CPU microseconds a request for `path`, asked by one cookie over kept connections. */
export async function pageRound(
  server: ServerProcess,
  path: string,
  headers: Record<string, string>,
  requests: number,
): Promise<number> {
  const pool = new Pool(server.origin, { connections: LANES })
  const before = server.cpu()
  await inLanes(requests, async () => {
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers })
    await body.dump()
    if (statusCode !== 200) throw new Error(`${path} answers ${statusCode}`)
  })
  const spent = server.cpu() - before
  await pool.close()
  return spent / requests
}

/** CPU microseconds to send a person off to the platform; nobody comes back. */
export async function connectRound(contender: Contender, times: number): Promise<number> {
  const before = contender.server.cpu()
  await inLanes(times, async (number) => {
    const { location, status } = await personOf(contender, number).get(contender.begin)
    if (!location) throw new Error(`${contender.name} sends nobody off: ${status}`)
  })
  return (contender.server.cpu() - before) / times
}

/** CPU microseconds of the whole way: sent off, back with a code, and the page the person lands on. */
export async function danceRound(contender: Contender, times: number): Promise<number> {
  const before = contender.server.cpu()
  await inLanes(times, async (number) => {
    const person = personOf(contender, number)
    const { location } = await person.get(contender.begin)
    const back = await person.get(await answerConsent(location))
    const landing = await person.get(back.location)
    if (landing.status !== 200) throw new Error(`${contender.name} lands at ${landing.status}`)
  })
  return (contender.server.cpu() - before) / times
}

/** The header a browser sends. */
export const cookieOf = ({ cookies }: Browser) => ({
  cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
})

/** Two steps of one person never go at the same time: lane n has the people n, n + LANES, … */
async function inLanes(times: number, step: (number: number) => Promise<void>) {
  const lane = async (first: number) => {
    for (let number = first; number < times; number += LANES) await step(number)
  }
  await Promise.all(Array.from({ length: LANES }, (_, first) => lane(first)))
}

function personOf({ people, name }: Contender, number: number): Browser {
  const person = people[number % people.length]
  if (!person) throw new Error(`${name} has nobody`)
  return person
}
