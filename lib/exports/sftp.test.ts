import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { makeKeyPair } from './sftp'

test('every key that is made can be read, also one whose public part begins with a zero', () => {
  for (let count = 0; count < 2_000; count++) {
    const { privateKey, publicKey } = makeKeyPair('concord')
    for (const key of [privateKey, publicKey]) expect(ssh2.utils.parseKey(key)).not.toBeInstanceOf(Error)
  }
})
