import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Binds a ciphertext to its column. */
export type AdditionalData = { table: string; row: string; column: string; registry: string }

export type SealingKey = { id: string; key: Buffer }

/** Wrong key, wrong row or altered. */
export class SealError extends Error {
  override readonly name = 'SealError'
}

/** The key id is no secret. */
export class MissingKeyError extends SealError {
  constructor(readonly keyId: string) {
    super(`No sealing key "${keyId}" in the ring`)
  }
}

const version = 'c1'
const nonceBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM as `c1.<key id>.<nonce>.<ciphertext and tag>` in base64url. The additional data keeps a ciphertext from
 * opening in another row, column or registry. The first key seals; all keys open.
 */
export class KeyRing {
  readonly #keys: Map<string, Buffer>
  readonly #first: SealingKey

  constructor(keys: readonly SealingKey[]) {
    const first = keys[0]
    if (!first) throw new SealError('The key ring is empty')
    this.#first = first
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]))
  }

  /** The sealing key comes first. */
  get keyIds(): string[] {
    return [...this.#keys.keys()]
  }

  seal(plaintext: string, aad: AdditionalData): string {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#first.key, nonce)
    cipher.setAAD(additionalData(this.#first.id, aad))
    const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return [version, this.#first.id, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
  }

  hasKeyOf(sealed: string): boolean {
    return this.#keys.has(keyIdOf(sealed))
  }

  /** @throws SealError, without plaintext */
  open(sealed: string, aad: AdditionalData): string {
    const [form, keyId, nonceText, bodyText, ...rest] = sealed.split('.')
    if (form !== version || !keyId || !nonceText || !bodyText || rest.length > 0) {
      throw new SealError('Not a sealed value')
    }
    const key = this.#keys.get(keyId)
    if (!key) throw new MissingKeyError(keyId)
    const body = Buffer.from(bodyText, 'base64url')
    const nonce = Buffer.from(nonceText, 'base64url')
    // Node's decoder ignores stray characters and trailing bits, so compare the round trip to detect changes.
    if (body.toString('base64url') !== bodyText || nonce.toString('base64url') !== nonceText) {
      throw new SealError('Not a sealed value')
    }
    if (body.length < tagBytes || nonce.length !== nonceBytes) throw new SealError('Not a sealed value')
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce)
      decipher.setAAD(additionalData(keyId, aad))
      decipher.setAuthTag(body.subarray(-tagBytes))
      return Buffer.concat([decipher.update(body.subarray(0, -tagBytes)), decipher.final()]).toString('utf8')
    } catch {
      throw new SealError(`Key "${keyId}" does not open this value at ${aad.table}.${aad.column}`)
    }
  }
}

/** Returns `?` for another format. */
export function keyIdOf(sealed: string): string {
  return /^c1\.([A-Za-z0-9-]{1,32})\./.exec(sealed)?.[1] ?? '?'
}

function additionalData(keyId: string, aad: AdditionalData): Buffer {
  return Buffer.from(JSON.stringify([version, keyId, aad.table, aad.row, aad.column, aad.registry]))
}
