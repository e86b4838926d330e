import type { Api } from '../../app/providers/api.ts'

/** Requests that `send` answers, in the name of an account whose tokens do not matter. */
export const apiThat = (send: Api['send'], tokens: Partial<Api['tokens']> = {}): Api => ({
  tokens: { accessToken: 'access', carried: {}, ...tokens },
  send,
  sendOpenly: send,
  fetchFile: send,
})
