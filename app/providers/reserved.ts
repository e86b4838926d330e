/** First parts of addresses that are pages of ours, now or one day: no platform is called so. */
export const RESERVED: ReadonlySet<string> = new Set([
  'account',
  'admin',
  'api',
  'assets',
  'connections',
  'constructor', // a property of every object
  'feeds',
  'forgot',
  'healthz',
  'help',
  'import', // beside the pages of platforms, as `new` and `test` are
  'login',
  'logout',
  'metrics',
  'new',
  'privacy',
  'providers',
  'readyz',
  'register',
  'reset',
  'robots',
  'signin',
  'static',
  'sync',
  'test',
  'webhooks',
])
