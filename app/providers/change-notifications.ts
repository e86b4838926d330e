/** What a platform sends to us by itself. It is not to be believed, only a reason to ask. */
export interface ChangeNotifications {
  /** The word it proves itself with, in `Authorization`. */
  secret: string
  /**
   * What a message says has changed, and the number by which its repetitions are known; undefined when it is not
   * understood. `path` is what follows our address: `/api/v1/…`.
   */
  read(path: string, body: unknown): { id?: string | undefined; hints: readonly Hint[] } | undefined
  /** What the platform wants to be told in return; nothing if left out. */
  answer?: (path: string, body: unknown) => object
}

/** Something may be different in a store, or with an account: it may also have taken its grant back. */
export type Hint = { storeId: string } | { accountId: string }
