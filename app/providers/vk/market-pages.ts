/** A page of a list as VK gives it: how many there are in all, and these. */
export interface Page<T> {
  count: number
  items: T[]
}
