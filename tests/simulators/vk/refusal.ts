/** What VK answers instead of a result; the HTTP status stays 200 (reference: VK, 5.4). */
export class VkRefusal extends Error {
  override readonly name = 'VkRefusal'
  readonly code: number
  /** Fields beside code and text: `error_subcode`, `redirect_uri`, `captcha_sid` … */
  readonly extras: Readonly<Record<string, unknown>>

  constructor(code: number, text?: string, extras: Record<string, unknown> = {}) {
    super(text ?? TEXTS[code] ?? 'Unknown error occurred')
    this.code = code
    this.extras = extras
  }
}

/** Error 100; the words after the colon say which parameter. */
export const invalid = (what: string) =>
  new VkRefusal(100, `One of the parameters specified was missing or invalid: ${what}`)

/** Error 15, subcode 1133: the token lacks the right. */
export const outOfScope = () =>
  new VkRefusal(
    15,
    'Access denied: no access to call this method. It cannot be called with current scopes.',
    { error_subcode: 1133 },
  )

const TEXTS: Record<number, string> = {
  1: 'Unknown error occurred',
  3: 'Unknown method passed',
  5: 'User authorization failed: invalid access_token (4).',
  6: 'Too many requests per second',
  7: 'Permission to perform this action is denied',
  8: 'Invalid request',
  9: 'Flood control',
  10: 'Internal server error',
  12: 'Unable to compile code',
  13: 'Runtime error occurred during code invocation',
  14: 'Captcha needed',
  15: 'Access denied',
  17: 'Validation required',
  23: 'This method was disabled',
  24: 'Confirmation required',
  27: 'Group authorization failed: method is unavailable with group auth.',
  29: 'Rate limit reached',
  36: 'Method execution was interrupted due to timeout',
  43: 'This section is temporarily unavailable',
  121: 'Invalid hash',
  125: 'Invalid group id',
  129: 'Invalid photo',
  203: 'Access to group denied',
  205: 'Access denied',
  1400: 'Too late for restore',
  1402: 'Album not found',
  1403: 'Item not found',
  1404: 'Item already added to album',
  1405: 'Too many items',
  1406: 'Too many items in album',
  1407: 'Too many albums',
  1408: 'Item has bad links in description',
  1429: 'Item must have all dimensions and weight, or none',
  1438: 'Market was not enabled for this community',
  1518: 'Item is not deleted',
  1525: 'Market is disabled',
}
