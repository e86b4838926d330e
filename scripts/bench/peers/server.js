import { createRequire } from 'node:module'
import process from 'node:process'
import express from 'express'
import session from 'express-session'
import sessionStoreOf from 'better-sqlite3-session-store'

/**
 * One peer in a process of its own: `node server.js KIND SYNCHRONOUS FILE`; the environment tells the platform's
 * addresses, the application's keys and which package of SQLite this Node has. It does as its manual says, with sessions in
 * SQLite, and nothing besides: no page, no profile of its own, no connection kept but in the session.
 */
const [kind, synchronous, file] = process.argv.slice(2)
const { CLIENT_ID, CLIENT_SECRET, AUTHORIZE_URL, TOKEN_URL, API_URL, ORIGIN, PORT } = process.env
const require = createRequire(import.meta.url)
const Sqlite =
  process.env.SQLITE === 'better-sqlite3'
    ? require('better-sqlite3')
    : require('better-sqlite3-prebuilt')

const client = new Sqlite(file)
client.pragma('journal_mode = WAL')
client.pragma(`synchronous = ${synchronous}`)

const app = express()
app.disable('x-powered-by')
const SqliteStore = sessionStoreOf(session)
app.use(
  session({
    secret: 'of a bench',
    store: new SqliteStore({ client, expired: { clear: true, intervalMs: 900_000 } }),
    resave: false,
    saveUninitialized: false,
  }),
)
app.get('/in', (req, res) => {
  req.session.person = 1
  res.send('in')
})
app.get('/landing', (req, res) => {
  res.send(req.session.person ? 'connected' : 'nobody')
})
const callback = `${ORIGIN}/connect/vk/callback`
const VERSION = '5.199' // VK asks for it at its consent page
const SCOPES = ['market', 'photos', 'groups', 'offline']
const kinds = { 'passport-oauth2': oauth2, 'passport-vkontakte': vkontakte, grant }
kinds[kind]()
app.listen(Number(PORT), '127.0.0.1', () => process.send?.('ready'))

function oauth2() {
  const { Strategy } = require('passport-oauth2')
  const options = {
    authorizationURL: `${AUTHORIZE_URL}?v=${VERSION}`,
    tokenURL: TOKEN_URL,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    callbackURL: callback,
    state: true,
  }
  bePassport(new Strategy(options, keep), 'oauth2')
}

/** Asks VK for the person's name, as it always does. */
function vkontakte() {
  const { Strategy } = require('passport-vkontakte')
  const options = {
    authorizationURL: `${AUTHORIZE_URL}?v=${VERSION}`,
    tokenURL: TOKEN_URL,
    profileURL: `${API_URL}/users.get`,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    callbackURL: callback,
    apiVersion: VERSION,
    state: true,
  }
  bePassport(
    new Strategy(options, (accessToken, refreshToken, _params, _profile, done) => {
      keep(accessToken, refreshToken, {}, done)
    }),
    'vkontakte',
  )
}

function keep(accessToken, refreshToken, _profile, done) {
  done(null, { accessToken, refreshToken })
}

/** `authorize` is Passport's way to connect an account to somebody who is signed in. */
function bePassport(strategy, name) {
  const passport = require('passport')
  passport.use(strategy)
  app.get('/connect/vk', passport.authorize(name, { scope: SCOPES }))
  app.get(
    '/connect/vk/callback',
    passport.authorize(name, { failureRedirect: '/failed' }),
    (req, res) => {
      req.session.tokens = req.account
      res.redirect('/landing')
    },
  )
}

function grant() {
  const { express: grantExpress } = require('grant')
  app.use(
    grantExpress({
      defaults: { origin: ORIGIN, transport: 'session', state: true },
      vk: {
        authorize_url: AUTHORIZE_URL,
        access_url: TOKEN_URL,
        oauth: 2,
        key: CLIENT_ID,
        secret: CLIENT_SECRET,
        scope: SCOPES,
        scope_delimiter: ',',
        custom_params: { v: VERSION },
        callback: '/landing',
      },
    }),
  )
}
