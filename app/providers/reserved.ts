/** First parts of addresses that are pages of ours, now or by the design: no platform is called so. */
export const RESERVED: ReadonlySet<string> = new Set([
  'account',
  'admin',
  'api',
  'assets',
  'connections',
  'constructor', // a property of every object
  'forgot',
  'healthz',
  'help',
  'login',
  'logout',
  'metrics',
  'new', // a page beside those of the platforms
  'privacy',
  'providers',
  'readyz',
  'register',
  'reset',
  'robots',
  'signin',
  'static',
  'sync',
])
