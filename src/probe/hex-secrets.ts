// A redactor that knows secrets in hexadecimal, too, as a client's log of bytes, or a path made of them, has them.
import { createRedactor, type Redactor } from '../verify/redactor.ts'

/** The hexadecimal of a shorter secret may be any number. */
const shortestSecret = 4

/** {@link createRedactor}, which also finds the digits of each secret as a whole, in lower or in upper case. */
export function createHexRedactor(secrets: Iterable<string>): Redactor {
  const redactor = createRedactor([])
  const add = (secret: string) => {
    redactor.add(secret)
    if (secret.length < shortestSecret) return
    const digits = Buffer.from(secret).toString('hex')
    redactor.add(digits)
    redactor.add(digits.toUpperCase())
  }
  for (const secret of secrets) add(secret)
  return { ...redactor, add }
}
