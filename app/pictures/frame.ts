/** Pixels a picture has to fit: each side at least, the long side at most, and how often the short side may go into the long one. */
export interface Frame {
  shortest: number
  longest: number
  narrowest: number
}

/** What owners' photos are kept in, and files show: it suits most shops. */
export const USUAL: Frame = { shortest: 400, longest: 2560, narrowest: 2 }

/** Whether a picture can go as it is. */
export function fits(
  { width, height }: { width: number; height: number },
  { shortest, longest, narrowest }: Frame,
): boolean {
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  return short >= shortest && long <= longest && long <= short * narrowest
}
