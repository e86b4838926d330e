/** How much may go on at once: in the process, and of one owner. */
export interface MostPlaces {
  inAll: number
  ofOne: number
}

/** Takes a place for an owner and returns what gives it back; undefined when there is none. Nobody waits here. */
export function createPlaces({ inAll, ofOne }: MostPlaces): (owner: string) => Leave | undefined {
  const taken = new Map<string, number>()
  let all = 0

  return (owner) => {
    const own = taken.get(owner) ?? 0
    if (all >= inAll || own >= ofOne) return undefined
    all += 1
    taken.set(owner, own + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      all -= 1
      const rest = (taken.get(owner) ?? 1) - 1
      if (rest > 0) taken.set(owner, rest)
      else taken.delete(owner)
    }
  }
}

type Leave = () => void
