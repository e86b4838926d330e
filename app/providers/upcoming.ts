import type { Upcoming } from './provider.ts'

/** Platforms the dashboard already names; each leaves this list when its own file arrives. */
export const upcoming: readonly Upcoming[] = []
