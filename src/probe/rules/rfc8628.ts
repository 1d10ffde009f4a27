// RFC 8628: devices. A token endpoint has little to show of them without a person.
import type { ConformanceRule } from '../rule.ts'
import { otherGrant, read, refusedAs } from './expected.ts'

/** The rules of RFC 8628. */
export const rfc8628: readonly ConformanceRule[] = [
  {
    id: 'rfc8628-3.5-unknown-device-code',
    level: 'MUST',
    sentence: 'A device code that nobody was given is refused as such.',
    source: { document: 'RFC 8628 §3.4, §3.5; RFC 6749 §5.2', read },
    argument:
      'The errors are those of RFC 6749, where it is an invalid grant, with expired_token for a code whose time is over; a server or a client without this grant has codes of its own for it.',
    needs: [],
    requests: [
      {
        base: 'token',
        parameters: {
          ...otherGrant,
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          device_code: '{wrong}',
        },
      },
    ],
    judgment: {
      replies: [refusedAs('invalid_grant', 'expired_token', 'unsupported_grant_type', 'unauthorized_client')],
    },
  },
]
