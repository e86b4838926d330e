import { type Express } from 'express'
import { IncomingMessage, ServerResponse } from 'node:http'

/** What `createServer` takes to make requests and answers by. */
export interface Messages {
  IncomingMessage: typeof IncomingMessage
  ServerResponse: typeof ServerResponse
}

/**
 * Requests and answers that are Express' own from their first moment. Express gives each its prototype when it comes
 * (`app.handle`, setPrototypeOf), and V8 then keeps a shape for each of them: nothing that reads them is ever fast, and
 * they outlive the young generation. One that has the prototype already is left alone: a page costs two thirds.
 */
export function messagesOf(app: Express): Messages {
  class Asked extends IncomingMessage {}
  class Answer<Request extends IncomingMessage> extends ServerResponse<Request> {}
  app.request = Object.setPrototypeOf(Asked.prototype, app.request) as Express['request']
  app.response = Object.setPrototypeOf(Answer.prototype, app.response) as Express['response']
  return { IncomingMessage: Asked, ServerResponse: Answer }
}
