import { freshSecrets } from '../app/config/secrets.ts'

/** Prints fresh secrets as lines for .env: `npm run --silent secrets >> .env`. */
for (const [name, value] of Object.entries(freshSecrets())) console.log(`${name}=${value}`)
