// MSW in browsers: `await worker.start()` once `npx msw init` has put its worker script in place.
import { setupWorker } from 'msw/browser'
import { handlers } from './handlers.ts'

/** Intercepts the built-in token services. */
export const worker = setupWorker(...handlers)
