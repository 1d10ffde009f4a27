// MSW in Node.js: `server.listen()` before the tests, `server.close()` after them.
import { setupServer } from 'msw/node'
import { handlers } from './handlers.ts'

/** Intercepts the built-in token services. */
export const server = setupServer(...handlers)
