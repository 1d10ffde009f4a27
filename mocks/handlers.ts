// MSW handlers of every built-in token service, at the servers that the vendors document.
import { tokenHandlers } from '../src/host/msw.ts'

export { type TokenHandlers, type TokenHandlersOptions, tokenHandlers } from '../src/host/msw.ts'

/** Every built-in service with its documented example clients; `tokenHandlers` takes services, clients and URLs of your own. */
export const handlers = tokenHandlers()
