import { Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { Encrypter } from 'age-encryption'
import { createMessage, encrypt, enums, readKey } from 'openpgp'
import { DeliveryError } from '@/lib/exports/plan'

export type RecipientFault = 'not_a_key' | 'private_key' | 'unusable_key'
export type RecipientKind = 'age' | 'openpgp'

export const kindOf = (recipient: string): RecipientKind => (recipient.startsWith('age1') ? 'age' : 'openpgp')

/** How the name of a file ends that is encrypted to this key. */
export const endingOf = (recipient: string | null) =>
  recipient ? { age: '.age', openpgp: '.pgp' }[kindOf(recipient)] : ''

/** Reads a public key of age or OpenPGP as somebody pasted it. */
export async function readRecipient(text: string): Promise<{ recipient: string } | { fault: RecipientFault }> {
  const recipient = text.trim()
  if (/^AGE-SECRET-KEY-/i.test(recipient) || /-----BEGIN PGP PRIVATE KEY/.test(recipient))
    return { fault: 'private_key' }
  try {
    if (kindOf(recipient) === 'age') new Encrypter().addRecipient(recipient)
    else await readUsableKey(recipient)
    return { recipient }
  } catch (error) {
    return { fault: error instanceof DeliveryError ? 'unusable_key' : 'not_a_key' }
  }
}

/** @throws DeliveryError `recipient` for a key that has expired, was revoked or cannot encrypt */
async function readUsableKey(armoredKey: string) {
  const key = await readKey({ armoredKey })
  await key.getEncryptionKey().catch((cause) => {
    throw new DeliveryError('recipient', { cause })
  })
  return key
}

/** Encrypts while it reads. */
export async function encryptTo(
  recipient: string,
  file: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
  // The types of the two libraries are those of a browser.
  const stream = Readable.toWeb(Readable.from(file, { objectMode: true })) as unknown as ReadableStream<Uint8Array>
  const encrypted =
    kindOf(recipient) === 'age' ? await encryptAge(recipient, stream) : await encryptPgp(recipient, stream)
  return encrypted as unknown as WebStream<Uint8Array>
}

function encryptAge(recipient: string, stream: ReadableStream<Uint8Array>) {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return encrypter.encrypt(stream)
}

async function encryptPgp(recipient: string, stream: ReadableStream<Uint8Array>) {
  const encryptionKeys = await readUsableKey(recipient)
  const config = { preferredCompressionAlgorithm: enums.compression.uncompressed }
  return encrypt({ message: await createMessage({ binary: stream }), encryptionKeys, format: 'binary', config })
}
