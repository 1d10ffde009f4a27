// A certificate for this machine, made by the package selfsigned, which is an optional peer.
import { TokenwrightError } from '../service/error.ts'
import { systemDate } from './ambient.ts'

/** A certificate and its private key, each as PEM. */
export interface TlsCertificate {
  readonly cert: string
  readonly key: string
}

const hourMs = 60 * 60 * 1000
const validityMs = 7 * 24 * hourMs

/**
 * Makes a certificate for `localhost`, `127.0.0.1` and `::1` that is valid for a week, and its key.
 * @throws {TokenwrightError} `ERR_PEER_MISSING`
 */
export async function createSelfSignedCertificate(): Promise<TlsCertificate> {
  const { generate } = await loadSelfSigned()
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Clients in virtual machines may be a little behind.
    notBeforeDate: systemDate(-hourMs),
    notAfterDate: systemDate(validityMs),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return { cert: made.cert, key: made.private }
}

async function loadSelfSigned(): Promise<typeof import('selfsigned')> {
  try {
    return await import('selfsigned')
  } catch (cause) {
    throw new TokenwrightError(
      'ERR_PEER_MISSING',
      'a self-signed certificate needs the package selfsigned, which is not installed; next: npm install --save-dev selfsigned@5',
      { cause },
    )
  }
}
