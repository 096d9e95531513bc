import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

/** One element of DER: tag, length, content (ITU-T X.690 §8.1). */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
const id = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const time = (at: Date) => der(0x17, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(2, 14)}Z`))
const extension = (oid: string, value: Buffer) => sequence(id(oid), der(0x04, value))

const dayMs = 86_400_000

export type Certificate = { key: string; cert: string }

type Options = {
  /** Of the subject; for people. */
  commonName: string
  /** Host names and IPv4 addresses that it is for. */
  names?: string[]
  isAuthority?: boolean
  validForDays?: [from: number, until: number]
}

/**
 * A key and a certificate (RFC 5280 §4.1), made anew each time so that no key is kept anywhere. Both as PEM. Without
 * `issuer` nobody vouches for it.
 */
function makeCertificate(options: Options, issuer?: { name: Buffer; key: KeyObject }) {
  const { commonName, names = [], isAuthority = false, validForDays = [-1, 1] } = options
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const ecdsaWithSha256 = sequence(id('2a8648ce3d040302'))
  const name = sequence(der(0x31, sequence(id('550403'), der(0x0c, Buffer.from(commonName)))))
  const validity = sequence(...validForDays.map((days) => time(new Date(Date.now() + days * dayMs))))
  const alternatives = names.map((each) =>
    isIP(each) ? der(0x87, Buffer.from(each.split('.').map(Number))) : der(0x82, Buffer.from(each)),
  )
  const extensions = [
    ...(isAuthority ? [extension('551d13', sequence(der(0x01, Buffer.from([0xff]))))] : []),
    ...(names.length > 0 ? [extension('551d11', sequence(...alternatives))] : []),
  ]
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ecdsaWithSha256,
    issuer?.name ?? name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, issuer?.key ?? privateKey))
  const text = sequence(content, ecdsaWithSha256, signature).toString('base64').replace(/.{64}/g, '$&\n')
  return {
    name,
    privateKey,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  }
}

/** For `localhost` and 127.0.0.1; nobody vouches for it. */
export function makeSelfSigned(): Certificate {
  const { key, cert } = makeCertificate({
    commonName: 'Concord tests',
    names: ['localhost', '127.0.0.1'],
    isAuthority: true,
  })
  return { key, cert }
}

/** An authority that no list of Node's or the system's has, and certificates from it. */
export function makeAuthority(): { cert: string; issue(options: Options): Certificate } {
  const authority = makeCertificate({
    commonName: `Concord tests ${randomBytes(4).toString('hex')}`,
    isAuthority: true,
  })
  return {
    cert: authority.cert,
    issue: (options) => {
      const { key, cert } = makeCertificate(options, { name: authority.name, key: authority.privateKey })
      return { key, cert }
    },
  }
}
