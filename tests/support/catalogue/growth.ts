const ROUNDS = 5

/**
 * How many times the work of `large` is that of `small`, in CPU of this process and at its best of some rounds: a machine
 * that is busy is slow at both, and what grows with the square shows all the same.
 */
export async function growthOf(small: () => unknown, large: () => unknown): Promise<number> {
  const least = { small: Infinity, large: Infinity }
  for (let round = 0; round < ROUNDS; round += 1) {
    least.small = Math.min(least.small, await cpuOf(small))
    least.large = Math.min(least.large, await cpuOf(large))
  }
  return least.large / least.small
}

async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
