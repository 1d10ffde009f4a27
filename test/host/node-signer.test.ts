import { generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinedSignature } from '../../src/host/node-signer.ts'

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

describe('the two numbers of an ECDSA signature, as RFC 7518 §3.4 joins them', () => {
  test('are 32 bytes each, however short they are in DER', () => {
    const number = fc.bigInt(1n, order - 1n)
    const short = fc.bigInt(1n, 0xffffn)
    fc.assert(
      fc.property(fc.oneof(number, short), fc.oneof(number, short), (r, s) => {
        expect(joinedSignature(der(r, s)).toString('hex')).toBe(`${hexOf(r)}${hexOf(s)}`)
      }),
    )
  })

  test('verify', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    for (let round = 0; round < 100; round += 1) {
      const text = Buffer.from(`signed ${round}`)
      const joined = joinedSignature(sign('sha256', text, privateKey))
      expect(verify('sha256', text, { key: publicKey, dsaEncoding: 'ieee-p1363' }, joined)).toBe(true)
    }
  })
})

/** @see ITU-T X.690 §8.3, §8.9 */
function der(...numbers: readonly bigint[]): Uint8Array {
  const encoded = numbers.map((number) => {
    const hex = number.toString(16)
    const even = hex.length % 2 === 0 ? hex : `0${hex}`
    const bytes = Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex')
    return Buffer.concat([Buffer.of(0x02, bytes.length), bytes])
  })
  const content = Buffer.concat(encoded)
  return Buffer.concat([Buffer.of(0x30, content.length), content])
}

function hexOf(number: bigint): string {
  return number.toString(16).padStart(64, '0')
}
