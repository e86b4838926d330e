import type { Staging } from './stage.ts'

/** Every way to be connected to these platforms: the `stagings` of the simulator that bears the key. */
export async function stagingsOf(keys: readonly string[]): Promise<readonly Staging[][]> {
  const modules = keys.map(
    (key) => import(`./${key}.ts`) as Promise<{ stagings: readonly Staging[] }>,
  )
  return (await Promise.all(modules)).map(({ stagings }) => [...stagings])
}
